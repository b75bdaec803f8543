import { expect, test } from "vitest";
import { applyBreak, type Canary, judge, type TestOutcome } from "./canary.ts";

const canary: Canary = {
  name: "no-ack",
  file: "packages/mqtt/src/ack.ts",
  find: "ack(id);",
  replace: "void id;",
  test: "packages/mqtt/src/ack.test.ts",
  title: "acknowledges once",
};

test("a break replaces the one place it names", () => {
  expect(applyBreak("run();\nack(id);\n", canary)).toBe("run();\nvoid id;\n");
});

test("a replacement is taken literally, dollar signs included", () => {
  expect(applyBreak("ack(id);", { ...canary, replace: "$&$1" })).toBe("$&$1");
});

test.for([
  ["nowhere", "run();", canary],
  ["twice", "ack(id); ack(id);", canary],
  ["once, and stays as it is", "ack(id);", { ...canary, replace: canary.find }],
] as const)("a break whose text stands %s is refused", ([, text, broken]) => {
  expect(() => applyBreak(text, broken)).toThrow(/ack/);
});

const passed: TestOutcome = { kind: "passed" };
const byAssertion: TestOutcome = { kind: "failed", messages: ["AssertionError: expected 1 to be 2\n  at …"] };
const good = { unbroken: passed, compileErrors: "", broken: byAssertion };

test("a test that is green unbroken and red by assertion has noticed", () => {
  expect(judge(good)).toEqual({ kind: "noticed" });
});

test.for([
  ["red without the break", { ...good, unbroken: byAssertion }],
  ["does not compile", { ...good, compileErrors: "error TS2322" }],
  ["stays green", { ...good, broken: passed }],
  ["cannot be run", { ...good, broken: { kind: "not_run", why: "broken import" } }],
  ["not by assertion", { ...good, broken: { kind: "failed", messages: ["Error: Test timed out in 60000ms."] } }],
  ["not by assertion", { ...good, broken: { kind: "failed", messages: ["AssertionError: a", "TypeError: b"] } }],
] as const)("a canary is useless that is: %s", ([problem, outcomes]) => {
  expect(judge(outcomes)).toMatchObject({ kind: "useless", problem: expect.stringContaining(problem) });
});
