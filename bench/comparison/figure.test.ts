import { describe, expect, test } from "vitest";
import { type FigureSpec, figureOf, type Measured } from "./figure.ts";

const rate: FigureSpec = { name: "rate", unit: "msg/s", better: "more", bar: 1, aim: 1.15 };
const cpu: FigureSpec = { name: "cpu", unit: "µs", better: "less", bar: 0.8, aim: 0.6 };

function measured(ratios: readonly number[], { name = "rate", same = 1 } = {}): Measured {
  return {
    pairs: ratios.map((ratio) => ({ ours: { [name]: 100 * ratio }, other: { [name]: 100 } })),
    samePairs: [[{ [name]: 100 }, { [name]: 100 * same }]],
  };
}

describe("a figure", () => {
  test("has the median ratio of its pairs, and the quartiles between which half of them lie", () => {
    const { ratio, spread, ours, other } = figureOf(rate, measured([1.1, 1.5, 1.2, 1.3]));

    expect(ratio).toBeCloseTo(1.25);
    expect(spread.map((value) => value.toFixed(2))).toEqual(["1.15", "1.40"]);
    expect([ours, other]).toEqual([125, 100]);
  });

  test("is compared within its pair: a machine that slows down for both moves no ratio", () => {
    const pairs = [1, 2, 4, 8].map((slowness) => ({ ours: { cpu: 7 * slowness }, other: { cpu: 10 * slowness } }));

    expect(figureOf(cpu, { pairs, samePairs: [] }).ratio).toBeCloseTo(0.7);
  });

  test("meets a bar of at least, and of at most", () => {
    expect(figureOf(rate, measured([1.1]))).toMatchObject({ bars: "met", aims: "missed" });
    expect(figureOf(cpu, measured([0.5], { name: "cpu" }))).toMatchObject({ bars: "met", aims: "met" });
    expect(figureOf(cpu, measured([0.9], { name: "cpu" }))).toMatchObject({ bars: "missed", aims: "missed" });
  });

  test("counts as equal inside the spread of equals", () => {
    expect(figureOf(rate, measured([0.97], { same: 0.96 }))).toMatchObject({ bars: "met", aims: "missed" });
    expect(figureOf(rate, measured([0.97], { same: 1.02 })).bars).toBe("missed");
  });

  test("does not count as equal on a machine on which equals lie anywhere", () => {
    expect(figureOf(rate, measured([0.85], { same: 0.5 })).bars).toBe("missed");
  });

  test("is not better than it was because equals lie apart", () => {
    expect(figureOf(rate, measured([1.17], { same: 1.3 })).aims).toBe("met");
    expect(figureOf(cpu, measured([0.9], { name: "cpu", same: 1.3 })).bars).toBe("missed");
  });

  test("that was not measured misses its bar", () => {
    expect(figureOf(rate, measured([])).bars).toBe("missed");
    expect(figureOf(cpu, measured([0.5])).bars).toBe("missed");
  });

  test("without a bar is only reported", () => {
    expect(figureOf({ name: "rate", unit: "msg/s", better: "more" }, measured([0.1]))).toMatchObject({
      bars: "none",
      aims: "none",
    });
  });

  test("with a limit is held against it by its own value", () => {
    const limited: FigureSpec = { name: "back", unit: "ms", better: "less", limit: 1_000 };

    expect(figureOf(limited, measured([9.9], { name: "back" })).bars).toBe("met");
    expect(figureOf(limited, measured([10.1], { name: "back" })).bars).toBe("missed");
  });
});
