import { expect, test } from "vitest";
import { fitOf, type Segment } from "./fit.ts";

const NAT = 1_024 * Math.log(1.0001);

/** As the library tells them. */
const STOP: readonly Segment[] = [
  { word: "(NULL)", startFrame: 100, endFrame: 100, acousticScore: 0 },
  { word: "<sil>", startFrame: 101, endFrame: 110, acousticScore: -300 },
  { word: "stop(2)", startFrame: 111, endFrame: 150, acousticScore: -1_200 },
  { word: "<sil>", startFrame: 151, endFrame: 160, acousticScore: -500 },
];

test("all sound counts, but only words are words, and the worst of them is named", () => {
  const please = { word: "please", startFrame: 161, endFrame: 180, acousticScore: -1_000 };

  const fit = fitOf([...STOP, please]);

  expect(fit?.wordFrameCount).toBe(60);
  expect(fit?.totalLog).toBeCloseTo(-3_000 * NAT, 6);
  expect(fit?.worstWordLog).toBeCloseTo(-50 * NAT, 6);
});

test("where no word was read there is no fit", () => {
  expect(fitOf([])).toBeUndefined();
  expect(fitOf(STOP.filter(({ word }) => word !== "stop(2)"))).toBeUndefined();
  expect(fitOf([{ word: "[NOISE]", startFrame: 0, endFrame: 9, acousticScore: -100 }])).toBeUndefined();
});
