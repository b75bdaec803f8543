import { describe, expect, test } from "vitest";
import { type Compared, changesSince, describeChanges } from "./changes.ts";

function run(ratio: number, { better = "less", sameSpread = 0.02, ours = 10, name = "cpu" } = {}): Compared {
  const figure = { name, better: better === "less" ? ("less" as const) : ("more" as const), ours, ratio, sameSpread };
  return { cases: [{ case: "publish", figures: [figure] }] };
}

describe("since an earlier run", () => {
  test("a ratio that has risen is worse where less is better, and better where more is", () => {
    expect(changesSince(run(0.5), run(0.6))).toEqual([
      { case: "publish", figure: "cpu", before: 0.5, after: 0.6, isWorse: true },
    ]);
    expect(changesSince(run(1.2, { better: "more" }), run(1.4, { better: "more" }))).toMatchObject([
      { isWorse: false },
    ]);
  });

  test("nothing has changed inside the noise of either run", () => {
    expect(changesSince(run(0.5), run(0.52))).toEqual([]);
    expect(changesSince(run(0.5, { sameSpread: 0.3 }), run(0.6))).toEqual([]);
  });

  test("a figure that nothing was compared with is compared by its own value", () => {
    expect(changesSince(run(Number.NaN, { ours: 100 }), run(Number.NaN, { ours: 200 }))).toMatchObject([
      { before: 100, after: 200, isWorse: true },
    ]);
  });

  test("what only one of the runs has is left out", () => {
    expect(changesSince(run(0.5), run(0.9, { name: "rate" }))).toEqual([]);
    expect(changesSince({ cases: [] }, run(0.9))).toEqual([]);
  });
});

test("changes are told worse ones first, with both values and by how much", () => {
  const changes = [
    { case: "receive", figure: "cpu", before: 1, after: 0.8, isWorse: false },
    { case: "publish", figure: "cpu", before: 0.5, after: 0.6, isWorse: true },
  ];

  expect(describeChanges(changes, "2026-11-27").split("\n")).toEqual([
    "changed since 2026-11-27:",
    "  WORSE   publish: cpu 0.500 → 0.600 (+20 %)",
    "  better  receive: cpu 1.00 → 0.800 (-20 %)",
  ]);
  expect(describeChanges([], "2026-11-27")).toBe("nothing has changed beyond the noise since 2026-11-27");
});
