import { expect, test } from "vitest";
import { grantOf } from "./index.ts";

test.each([
  ["a grant", { grant: "closed" }, "closed"],
  ["the reference's unmute", { action: "unmute" }, "open"],
  ["the reference's mute", { action: "mute" }, "armed"],
  ["a grant beside an old word that contradicts it", { grant: "armed", action: "unmute" }, "armed"],
] as const)("the microphone may do what is said by %s", (_how, command, grant) => {
  expect(grantOf(command)).toBe(grant);
});
