import { expect, test } from "vitest";
import { readSupervisionMessage } from "./supervision.ts";

test.each([
  { type: "ready", service: "router" },
  { type: "failed", service: "router", problem: "The settings are wrong." },
])("%j is read as it is", (message) => {
  expect(readSupervisionMessage(message)).toEqual(message);
});

test.each([
  undefined,
  null,
  "ready",
  {},
  { type: "ready" },
  { type: "failed", service: "router" },
  { type: "dance", service: "router" },
])("%j is none of ours", (message) => {
  expect(readSupervisionMessage(message)).toBeUndefined();
});
