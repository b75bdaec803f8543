import { describe, expect, it } from "vitest";
import { joined, speechLike, steady } from "./sound.fixture.ts";
import type { Voice, VoiceDetector } from "./voice-detector.ts";

/** The conformance suite of `VoiceDetector`: what every provider promises. */
export function describeVoiceDetector(name: string, open: () => VoiceDetector): void {
  describe(`the voice detector ${name}`, () => {
    for (const [title, claim] of Object.entries(CLAIMS_OF_DETECTOR)) it(title, () => claim(open));
  });
}

/** What each frame of 20 ms of a sound is taken for. */
export function hearAll(detector: VoiceDetector, sound: Int16Array): readonly Voice[] {
  return Array.from({ length: Math.floor(sound.length / 320) }, (_, index) =>
    detector.hear(sound.slice(index * 320, (index + 1) * 320)),
  );
}

/** What is claimed of a detector, by title; each throws when it is not so. */
export const CLAIMS_OF_DETECTOR: Readonly<Record<string, (open: () => VoiceDetector) => void>> = {
  "hears nobody in a quiet room": (open) => {
    expect(hearAll(open(), steady(3_000, -60)).some(({ isSpeech }) => isSpeech)).toBe(false);
  },
  "hears nobody in digital silence": (open) => {
    expect(hearAll(open(), new Int16Array(48_000)).some(({ isSpeech }) => isSpeech)).toBe(false);
  },
  "hears speech within 120 ms of its onset, and its end within 100 ms": (open) => {
    const voices = hearAll(open(), joined(steady(1_000, -60), speechLike(800, -25), steady(1_000, -60)));
    const first = voices.findIndex(({ isSpeech }) => isSpeech);
    const last = voices.findLastIndex(({ isSpeech }) => isSpeech);

    expect([first >= 50, first <= 56]).toEqual([true, true]);
    expect(Math.abs(last - 90)).toBeLessThanOrEqual(5);
  },
  "hears speech that begins with the first frame, without any time to learn the room": (open) => {
    const voices = hearAll(open(), speechLike(600, -25));

    expect(voices.findIndex(({ isSpeech }) => isSpeech)).toBeLessThanOrEqual(6);
  },
};
