import { makeTone, samplesOfMs } from "@ts-tars/audio";
import { expect, test } from "vitest";
import { judgeLevel, levelBar } from "./level-verdict.ts";

/** A tone at so many times −20 dB, cut off where 16 bits end. */
const scaled = (factor: number): Int16Array =>
  makeTone(300, 1_000).map((sample) => Math.max(-32_767, Math.min(32_767, sample * factor)));

test("speech at an arm's length is good, and needs nothing", () => {
  expect(judgeLevel(makeTone(300, 1_000))).toMatchObject({ kind: "good", remedy: undefined });
});

test("a muted or wrong input is told from a quiet one", () => {
  expect(judgeLevel(new Int16Array(samplesOfMs(1_000))).kind).toBe("silent");
  expect(judgeLevel(new Int16Array(0)).kind).toBe("silent");
  expect(judgeLevel(scaled(0.02)).kind).toBe("quiet");
});

test("what is cut off is too loud, one click is not", () => {
  const clicked = makeTone(300, 4_000);
  clicked[800] = 32_767;

  expect(judgeLevel(scaled(20)).kind).toBe("clipping");
  expect(judgeLevel(clicked).kind).toBe("good");
});

test("a bar is empty at -60 dB and full at 0 dB", () => {
  expect(levelBar(-90)).toBe(`${"·".repeat(40)} -90 dB`);
  expect(levelBar(-30)).toBe(`${"█".repeat(20)}${"·".repeat(20)} -30 dB`);
  expect(levelBar(0)).toBe(`${"█".repeat(40)} 0 dB`);
});
