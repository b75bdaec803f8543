import { expect, test } from "vitest";
import { isNewEnough } from "./node-version.mjs";

test.for([
  ["v20.20.2", false],
  ["v24.0.0", true],
  ["v25.1.0", true],
  ["", false],
] as const)("whether Node %j is new enough is %j", ([version, expected]) => {
  expect(isNewEnough(version)).toBe(expected);
});
