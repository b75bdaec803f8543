import { expect, test } from "vitest";
import type { Canary } from "./canary.ts";
import { choose } from "./choose.ts";

const canary = (name: string): Canary => ({ name, file: "", find: "a", replace: "b", test: "", title: "" });
const [ACK, PAUSE, GRANT] = ["ack", "pause", "grant"].map(canary);
const GROUPS = { client: [ACK, PAUSE].filter((each) => each !== undefined), loop: [canary("grant")] };

test("all canaries are chosen when nothing is asked for", () => {
  expect(choose([], GROUPS)).toEqual({ kind: "chosen", canaries: [ACK, PAUSE, GRANT] });
});

test("a group is chosen by its name, and canaries by theirs", () => {
  expect(choose(["--group", "loop"], GROUPS)).toEqual({ kind: "chosen", canaries: [GRANT] });
  expect(choose(["grant", "ack"], GROUPS)).toEqual({ kind: "chosen", canaries: [ACK, GRANT] });
});

test.for<[string, readonly string[], string]>([
  ["an unknown group", ["--group", "lop"], "client, loop"],
  ["a group without a name", ["--group"], "client, loop"],
  ["a group and names", ["--group", "loop", "ack"], "client, loop"],
  ["an unknown name", ["ack", "nack"], "nack"],
])("%s is refused with what helps", ([, args, help]) => {
  expect(choose(args, GROUPS)).toEqual({ kind: "refused", problem: expect.stringContaining(help) });
});
