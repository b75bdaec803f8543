import { expect, test } from "vitest";
import { parseSource } from "./source.ts";
import { bearsTitle, titlesOf } from "./test-titles.ts";

const source = parseSource(
  "a.test.ts",
  `describe("client", () => {
     it("acknowledges after the handler (QoS 1)", async () => {});
     test.for([1])("retries %s times", () => {});
     it(\`settles on MQTT \${version}\`, () => {});
     test(computed, () => {});
   });`,
);

test("titles are those of tests, not of groups, in every form of call", () => {
  expect(titlesOf(source).map(({ parts }) => parts)).toEqual([
    ["acknowledges after the handler (QoS 1)"],
    ["retries %s times"],
    ["settles on MQTT ", ""],
  ]);
});

test.for([
  ["acknowledges after the handler (QoS 1)", true],
  ["acknowledges after the handler QoS 1", false],
  ["acknowledges after", false],
  ["client > acknowledges after the handler (QoS 1)", true],
  ["server > acknowledges after the handler (QoS 1)", false],
  ["retries 3 times", true],
  ["settles on MQTT 3.1.1", true],
] as const)("whether a test bears the title %j is %j", ([title, expected]) => {
  expect(titlesOf(source).some((candidate) => bearsTitle(candidate, title))).toBe(expected);
});
