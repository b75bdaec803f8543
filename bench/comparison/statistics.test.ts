import { describe, expect, test } from "vitest";
import { median, quartiles, theilSenSlope } from "./statistics.ts";

describe("the median", () => {
  test("is the middle of an odd number of values, in whatever order they come", () => {
    expect(median([9, 1, 4])).toBe(4);
  });

  test("is the mean of the two in the middle of an even number", () => {
    expect(median([10, 1, 2, 4])).toBe(3);
  });

  test("of nothing is no number", () => {
    expect(median([])).toBeNaN();
  });
});

test("half of the values lie between the quartiles", () => {
  expect(quartiles([8, 1, 7, 2, 6, 3, 5, 4])).toEqual([2.5, 6.5]);
  expect(quartiles([1, 2, 3, 4, 100])).toEqual([1.5, 52]);
  expect(quartiles([3])).toEqual([3, 3]);
});

describe("the slope after Theil and Sen", () => {
  const line = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ atMs: index * 10, value: 5 + index * 2 }));

  test("of a line is that of the line", () => {
    expect(theilSenSlope(line(20))).toBeCloseTo(0.2, 12);
  });

  test("is not moved by a quarter of the samples being anywhere", () => {
    const samples = line(40).map((sample, index) => (index % 4 === 1 ? { ...sample, value: 1e6 } : sample));

    const slope = theilSenSlope(samples);

    expect(slope).toBeGreaterThan(0.15);
    expect(slope).toBeLessThan(0.4);
  });

  test("of samples that swing around one value is flat", () => {
    const samples = line(40).map(({ atMs }, index) => ({ atMs, value: index % 2 }));

    expect(theilSenSlope(samples)).toBe(0);
  });

  test("of one moment is no number", () => {
    expect(
      theilSenSlope([
        { atMs: 1, value: 1 },
        { atMs: 1, value: 2 },
      ]),
    ).toBeNaN();
  });
});
