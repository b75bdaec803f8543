import { expect, test } from "vitest";
import { joined, mixed, pink, speechLike, steady } from "../sound.fixture.ts";
import { CLAIMS_OF_DETECTOR, describeVoiceDetector, hearAll } from "../voice-detector.conformance.ts";
import type { VoiceDetector } from "../voice-detector.ts";
import { energyDetector } from "./energy.ts";

describeVoiceDetector("energy", energyDetector);

test("the suite sees a detector that takes everything for speech", () => {
  const eager = (): VoiceDetector => ({
    name: "eager",
    hear: () => ({ isSpeech: true, isLoud: true, levelDb: -20, floorDb: -60 }),
  });

  expect(() => CLAIMS_OF_DETECTOR["hears nobody in a quiet room"]?.(eager)).toThrow();
});

const speechCount = (sound: Int16Array): number =>
  hearAll(energyDetector(), sound).filter(({ isSpeech }) => isSpeech).length;

test.for<[string, Int16Array]>([
  [
    "clicks of 5 ms",
    joined(...Array.from({ length: 8 }, () => joined(steady(500, -60), steady(5, -10), steady(15, -60)))),
  ],
  ["a constant offset", steady(2_000, -60).map((sample) => sample + 8_000)],
  [
    "an offset that comes and goes",
    joined(
      steady(1_000, -60),
      steady(20, -60).map((sample) => sample + 6_000),
      steady(1_000, -60),
    ),
  ],
  [
    "hum of 50 Hz, once it is known",
    Int16Array.from({ length: 32_000 }, (_, at) => Math.round(900 * Math.sin((2 * Math.PI * 50 * at) / 16_000))),
  ],
  ["pink noise at -45 dB, once it is known", pink(4_000, -45)],
])("%s is nobody who speaks", ([name, sound]) => {
  const voices = hearAll(energyDetector(), sound);
  // What the room sounds like is known after 400 ms at the latest.
  const known = name.endsWith("known") ? voices.slice(25) : voices;

  expect(known.filter(({ isSpeech }) => isSpeech).length).toBe(0);
});

test.for<[string, number]>([
  ["loud", -8],
  ["usual", -25],
  ["quiet", -42],
])("somebody who speaks in a %s voice is heard for most of the time", ([, levelDb]) => {
  const heard = speechCount(joined(steady(1_000, -68), speechLike(2_000, levelDb), steady(500, -68)));

  expect(heard).toBeGreaterThanOrEqual(75);
});

test("speech 25 dB over pink noise is told from it, beginning and end", () => {
  const room = pink(4_000, -45);
  const voices = hearAll(energyDetector(), mixed(room, joined(new Int16Array(24_000), speechLike(1_500, -20))));

  expect(voices.slice(25, 75).some(({ isSpeech }) => isSpeech)).toBe(false);
  expect(voices.slice(78, 148).filter(({ isSpeech }) => isSpeech).length).toBeGreaterThanOrEqual(50);
  expect(voices.slice(155).some(({ isSpeech }) => isSpeech)).toBe(false);
});

test("a fan that is switched on stops being speech within two seconds", () => {
  const voices = hearAll(energyDetector(), joined(steady(1_000, -60), pink(4_000, -35)));

  expect(voices.slice(150).some(({ isSpeech }) => isSpeech)).toBe(false);
});
