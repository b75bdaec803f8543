import { expect, test } from "vitest";
import { judgeBars } from "./bars.ts";
import { type Figures, figuresOf, type Observed, percentile } from "./figures.ts";
import { soundRecording } from "./ledger/doctored-recording.ts";
import { keepLedger } from "./ledger/ledger.ts";
import { QUIET } from "./observed.fixture.ts";

function figures(observed: Partial<Observed>): Figures {
  return figuresOf([keepLedger(soundRecording())], { ...QUIET, ...observed });
}

test("a percentile is the nearest rank, so that one slow return in twenty is not the p95 and two are", () => {
  const quick = Array.from({ length: 18 }, () => 10);

  expect(percentile([...quick, 10, 900], 95)).toBe(10);
  expect(percentile([...quick, 900, 900], 95)).toBe(900);
});

test("a client that never came back misses the bar on the time", () => {
  const seen = figures({ backMs: [100, Number.POSITIVE_INFINITY] });

  expect(judgeBars(seen, [{ figure: "back_p95_ms", atMost: 1_000 }])).toMatchObject([{ isMet: false }]);
});

test("a run without a single return misses the bar on the time", () => {
  expect(judgeBars(figures({}), [{ figure: "back_p95_ms", atMost: 1_000 }])).toMatchObject([{ isMet: false }]);
});

test("bars are met at their value and missed beyond it", () => {
  const { accepted, lost_by_broker } = figures({});
  const verdicts = judgeBars(figures({}), [
    { figure: "lost_by_broker", atMost: lost_by_broker },
    { figure: "lost_by_broker", atMost: lost_by_broker - 1 },
    { figure: "accepted", atLeast: accepted },
    { figure: "accepted", atLeast: accepted + 1 },
  ]);

  expect(verdicts.map(({ isMet }) => isMet)).toEqual([true, false, true, false]);
});

test("what several pairs of publisher and subscriber left is added up", () => {
  const ledger = keepLedger(soundRecording());

  const one = figuresOf([ledger], QUIET);
  const two = figuresOf([ledger, ledger], QUIET);

  expect(two).toMatchObject({ accepted: 2 * one.accepted, lost_by_broker: 2 * one.lost_by_broker });
  expect(two.delivered_percent).toBe(one.delivered_percent);
});
