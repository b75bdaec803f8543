import { describe, expect, it } from "vitest";
import { complaintsOf } from "./stranger.ts";

describe("the stranger's compiler", () => {
  it("is heard about the programs and about our declarations, and not about other people's", () => {
    const output = [
      "one.ts(1,1): error TS2304: Cannot find name 'x'.",
      "  an explanation",
      "node_modules/@ts-tars/mqtt/dist/api.d.ts(3,2): error TS7016: no declarations",
      "node_modules/worker-factory/index.d.ts(5,1): error TS2304: Cannot find name 'Worker'.",
      "error TS18003: No inputs were found.",
      "",
    ].join("\n");

    expect(complaintsOf(output).map((line) => line.split(/[(:]/)[0])).toEqual([
      "one.ts",
      "node_modules/@ts-tars/mqtt/dist/api.d.ts",
      "error TS18003",
    ]);
  });
});
