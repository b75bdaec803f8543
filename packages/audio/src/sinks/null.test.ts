import { manualClock } from "@ts-tars/harness";
import { describe, expect, it } from "vitest";
import { claimsOfSink, describeAudioSink, type SinkUnderTest } from "../audio-sink.conformance.ts";
import type { AudioSink } from "../audio-sink.ts";
import { openNullSink } from "./null.ts";

async function openUnderTest(): Promise<SinkUnderTest> {
  const clock = manualClock();
  const sink = openNullSink({ clock });
  return { sink, pass: (ms) => clock.advance(ms), [Symbol.asyncDispose]: () => sink.close() };
}

describeAudioSink("null", openUnderTest);

describe("the conformance suite of sinks", () => {
  const claims = claimsOfSink({ toleranceMs: 0 });

  /** A sink like the good one, but for what it is broken in. */
  async function broken(fault: (sink: AudioSink) => Partial<AudioSink>): Promise<SinkUnderTest> {
    const underTest = await openUnderTest();
    const { sink } = underTest;
    const whole: AudioSink = {
      ...{ name: sink.name, isAudible: sink.isAudible },
      get positionMs() {
        return sink.positionMs;
      },
      ...{ prepare: () => sink.prepare(), play: (sound, options) => sink.play(sound, options) },
      ...{ pause: () => sink.pause(), resume: () => sink.resume(), setVolume: (ratio) => sink.setVolume(ratio) },
      close: () => sink.close(),
    };
    return { ...underTest, sink: Object.defineProperties(whole, Object.getOwnPropertyDescriptors(fault(sink))) };
  }

  it.each<[string, string, (sink: AudioSink) => Partial<AudioSink>]>([
    [
      "plays on while it is paused",
      "stands still while paused, at most 100 ms on, and goes on where it was",
      () => ({ pause: () => undefined }),
    ],
    ["does not know where it is", "tells how much has sounded, all along", () => ({ positionMs: 0 })],
    [
      "is over before it has sounded",
      "resolves when the sound has sounded to its end, not before",
      () => ({ play: async (_sound, { onStart }) => onStart() }),
    ],
    [
      "swallows the fault of an engine",
      "plays what came of an engine that breaks, then says why, and plays the next one",
      (sink) => ({ play: (sound, options) => sink.play(sound, options).catch(() => undefined) }),
    ],
    [
      "plays on when it is aborted",
      "is silent at once when aborted, and keeps its position",
      (sink) => ({
        play: (sound, options) => sink.play(sound, { ...options, signal: new AbortController().signal }),
      }),
    ],
  ])("refuses a sink that %s", async (_fault, title, fault) => {
    await using underTest = await broken(fault);

    await expect(claims[title]?.(underTest)).rejects.toThrow();
  });
});
