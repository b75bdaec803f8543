import { expect, test } from "vitest";
import { isMissed, lineOf, pauseFigure, turnFigures } from "./figures.ts";
import type { Hops, TurnTimes } from "./spoken-turn.ts";

const hops: Hops = { listenToGrantMs: 1, grantToOpenMs: 1, finalToSayMs: 1, sayToQueuedMs: 1 };

const turn = (times: Partial<TurnTimes>): TurnTimes => ({
  utterance: { text: "", pcm: new Int16Array(0) },
  transcript: "what time is it",
  endOfSpeech: "silence",
  endpointingMs: 700,
  transcribeMs: 30,
  soundMs: 90,
  hops,
  ...times,
});

test("a figure is missed over its bar, and when nothing was measured", () => {
  const figures = turnFigures([turn({ hops: { ...hops, finalToSayMs: 3 } })]);
  const missed = figures.filter(isMissed).map(({ name }) => name);

  expect(missed).toEqual([
    "… of complete commands, p50",
    "… of complete commands, p95",
    "all MQTT hops, validation, routing, p50",
  ]);
});

test("a decision in a pause, or none at all, counts as a cut", () => {
  const turns = [
    turn({}),
    turn({ endpointingMs: -400 }),
    turn({ endpointingMs: undefined }),
    turn({ endpointingMs: -60 }),
  ];

  expect(pauseFigure("elsewhere", turns)).toMatchObject({ value: 50, bar: 5, sampleCount: 4 });
  expect(lineOf(pauseFigure("after_um", turns))).toMatch(/^ {6} cut .* 50\.0 %/u);
});
