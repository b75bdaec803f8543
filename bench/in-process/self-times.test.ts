import type { Profiler } from "node:inspector";
import { expect, test } from "vitest";
import { describeSelfTimes, selfTimesOf } from "./self-times.ts";

function node(id: number, functionName: string, url = ""): Profiler.ProfileNode {
  return { id, callFrame: { functionName, url, scriptId: "", lineNumber: 9, columnNumber: 0 } };
}

const profile: Profiler.Profile = {
  nodes: [
    node(1, "(root)"),
    node(2, "decode", "file:///home/somebody/packages/mqtt/src/contract/decode.ts"),
    node(3, "parse", "file:///home/somebody/node_modules/@scope/library/lib/parse.js"),
    node(4, "(idle)"),
    node(5, "(garbage collector)"),
    node(6, "emit", "node:events"),
    node(7, "encode", "file:///home/somebody/packages/mqtt/src/contract/encode.ts"),
  ],
  startTime: 0,
  endTime: 100,
  samples: [2, 3, 4, 2, 5, 6, 7],
  timeDeltas: [5, 10, 20, 1_000, 30, 2, 3, 4],
};

test("the time between two samples belongs to the first, waiting to nobody, and functions and parts are summed up", () => {
  const { functions, parts, totalUs } = selfTimesOf(profile);

  expect(totalUs).toBe(69);
  expect(functions).toEqual([
    { place: "decode  packages/mqtt/src/contract/decode.ts:10", us: 40 },
    { place: "parse  node_modules/@scope/library/lib/parse.js:10", us: 20 },
    { place: "encode  packages/mqtt/src/contract/encode.ts:10", us: 4 },
    { place: "emit  node:events:10", us: 3 },
    { place: "(garbage collector)", us: 2 },
  ]);
  expect(parts).toEqual([
    { place: "packages/mqtt/src/contract", us: 44 },
    { place: "node_modules/@scope/library", us: 20 },
    { place: "node:", us: 3 },
    { place: "(garbage collector)", us: 2 },
  ]);
});

test("the most expensive functions are told with their share", () => {
  const lines = describeSelfTimes(selfTimesOf(profile), 1).split("\n");

  expect(lines[1]).toBe("   63.8 %  packages/mqtt/src/contract");
  expect(lines.slice(-2)).toEqual(["by function:", "   58.0 %  decode  packages/mqtt/src/contract/decode.ts:10"]);
});
