import { describe, expect, test } from "vitest";
import { type Compared, changesSince, describeChanges } from "./changes.ts";

const YESTERDAY = "2026-11-26T10:00:00.000Z";
const TODAY = "2026-11-27T10:00:00.000Z";

interface Told {
  readonly better?: "less" | "more";
  readonly sameSpread?: number;
  readonly ours?: number;
  readonly name?: string;
  readonly on?: string;
  readonly date?: string;
}

function run(ratio: number, told: Told = {}): Compared {
  const { better = "less", sameSpread = 0.02, ours = 10, name = "cpu", on = "publish", date = TODAY } = told;
  return { date, cases: [{ case: on, figures: [{ name, better, ours, ratio, sameSpread }] }] };
}

describe("since an earlier run", () => {
  test("a ratio that has risen is worse where less is better, and better where more is", () => {
    expect(changesSince([run(0.5)], run(0.6).cases)).toEqual([
      { case: "publish", figure: "cpu", since: TODAY, before: 0.5, after: 0.6, isWorse: true },
    ]);
    expect(changesSince([run(1.2, { better: "more" })], run(1.4, { better: "more" }).cases)).toMatchObject([
      { isWorse: false },
    ]);
  });

  test("nothing has changed inside the noise of either run", () => {
    expect(changesSince([run(0.5)], run(0.52).cases)).toEqual([]);
    expect(changesSince([run(0.5, { sameSpread: 0.3 })], run(0.6).cases)).toEqual([]);
  });

  test("a figure that nothing was compared with is compared by its own value", () => {
    expect(changesSince([run(Number.NaN, { ours: 100 })], run(Number.NaN, { ours: 200 }).cases)).toMatchObject([
      { before: 100, after: 200, isWorse: true },
    ]);
  });

  test("each case is compared with the newest run that has it", () => {
    const earlier = [
      run(0.9, { on: "receive", date: TODAY }),
      run(0.5, { date: YESTERDAY }),
      run(0.7, { date: "2026-11-25T10:00:00.000Z" }),
    ];

    expect(changesSince(earlier, run(0.6).cases)).toMatchObject([{ since: YESTERDAY, before: 0.5 }]);
  });

  test("what only one of the runs has is left out", () => {
    expect(changesSince([run(0.5)], run(0.9, { name: "rate" }).cases)).toEqual([]);
    expect(changesSince([], run(0.9).cases)).toEqual([]);
  });
});

test("changes are told worse ones first, with both values, by how much and since when", () => {
  const changes = [
    { case: "receive", figure: "cpu", since: YESTERDAY, before: 1, after: 0.8, isWorse: false },
    { case: "publish", figure: "cpu", since: TODAY, before: 0.5, after: 0.6, isWorse: true },
  ];

  expect(describeChanges(changes).split("\n")).toEqual([
    "changed beyond the noise:",
    `  WORSE   publish: cpu 0.500 → 0.600 (+20 % since ${TODAY})`,
    `  better  receive: cpu 1.00 → 0.800 (-20 % since ${YESTERDAY})`,
  ]);
  expect(describeChanges([])).toContain("nothing has changed");
});
