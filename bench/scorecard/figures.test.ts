import { expect, test } from "vitest";
import { judgeBars } from "./bars.ts";
import { figuresOf, percentile } from "./figures.ts";
import { soundRecording } from "./ledger/doctored-recording.ts";
import { keepLedger } from "./ledger/ledger.ts";

test("a percentile is the nearest rank, so that one slow return in twenty is not the p95 and two are", () => {
  const quick = Array.from({ length: 18 }, () => 10);

  expect(percentile([...quick, 10, 900], 95)).toBe(10);
  expect(percentile([...quick, 900, 900], 95)).toBe(900);
});

test("a client that never came back misses the bar on the time", () => {
  const figures = figuresOf(keepLedger(soundRecording()), { backMs: [100, Number.POSITIVE_INFINITY], refused: 0 });

  expect(judgeBars(figures, [{ figure: "back_p95_ms", atMost: 1_000 }])).toMatchObject([{ isMet: false }]);
});

test("a run without a single return misses the bar on the time", () => {
  const figures = figuresOf(keepLedger(soundRecording()), { backMs: [], refused: 0 });

  expect(judgeBars(figures, [{ figure: "back_p95_ms", atMost: 1_000 }])).toMatchObject([{ isMet: false }]);
});

test("bars are met at their value and missed beyond it", () => {
  const figures = figuresOf(keepLedger(soundRecording()), { backMs: [100], refused: 0 });
  const verdicts = judgeBars(figures, [
    { figure: "lost_by_broker", atMost: 1 },
    { figure: "lost_by_broker", atMost: 0 },
    { figure: "accepted", atLeast: 120 },
    { figure: "accepted", atLeast: 121 },
  ]);

  expect(verdicts.map(({ isMet }) => isMet)).toEqual([true, false, true, false]);
});
