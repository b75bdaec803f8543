import { describe, expect, test } from "vitest";
import { memoryFigures, noneOf } from "./memory-figures.ts";
import type { Weight } from "./soak-orders.ts";

const MB = 1e6;

function weigh(atMs: number, { heapMB = 20, rssMB = 100 } = {}): Weight {
  return { atMs, heapBytes: heapMB * MB, rssBytes: rssMB * MB, accepted: 0, refused: 0, handled: 0, undelivered: 0 };
}

/** Every ten seconds for ten minutes. */
function run(heapMB: (minute: number) => number, rssMB: (minute: number) => number = () => 100): readonly Weight[] {
  return Array.from({ length: 60 }, (_, index) =>
    weigh(index * 10_000, { heapMB: heapMB(index / 6), rssMB: rssMB(index / 6) }),
  );
}

function verdicts(weights: readonly Weight[]) {
  return memoryFigures({ start: weigh(-1), weights }).map(({ bars }) => bars);
}

describe("a process", () => {
  test("is flat while its heap swings and its memory stays within 64 MB of its start", () => {
    const weights = run(
      (minute) => 20 + 3 * Math.sin(minute * 40),
      (minute) => 100 + 60 * Math.min(1, minute),
    );

    expect(verdicts(weights)).toEqual(["met", "met", "none", "none"]);
  });

  test("is not flat when its heap grows by half a megabyte a minute", () => {
    const weights = run((minute) => 20 + 0.55 * minute);

    expect(verdicts(weights)).toEqual(["missed", "met", "none", "none"]);
    expect(memoryFigures({ start: weigh(-1), weights })[0]?.ours).toBeCloseTo(5.5, 6);
  });

  test("is not flat when its memory rises beyond the bound, though its heap does not", () => {
    expect(
      verdicts(
        run(
          () => 20,
          (minute) => 100 + (minute > 5 ? 65 : 0),
        ),
      ),
    ).toEqual(["met", "missed", "none", "none"]);
  });

  test("of which too little was seen is not flat", () => {
    expect(verdicts([weigh(0), weigh(10_000)])).toEqual(["missed", "met", "none", "none"]);
  });
});

test("of what must not be, one is too many", () => {
  expect(noneOf("lost", 0).bars).toBe("met");
  expect(noneOf("lost", 1).bars).toBe("missed");
});
