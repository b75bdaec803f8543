import { manualClock } from "@ts-tars/harness";
import { describe, expect, it } from "vitest";
import { claimsOfSink, describeAudioSink, type SinkUnderTest } from "../audio-sink.conformance.ts";
import type { AudioSink } from "../audio-sink.ts";
import { openNullSink } from "./null.ts";

function openUnderTest(): SinkUnderTest {
  const clock = manualClock();
  return { sink: openNullSink(clock), pass: (ms) => clock.advance(ms) };
}

describeAudioSink("null", openUnderTest);

describe("the conformance suite of sinks", () => {
  it("refuses a sink that plays on while it is paused", async () => {
    const { sink, pass } = openUnderTest();
    const deaf: AudioSink = {
      name: "deaf",
      get positionMs() {
        return sink.positionMs;
      },
      play: (utterance, options) => sink.play(utterance, options),
      pause: () => undefined,
      resume: () => sink.resume(),
      setVolume: () => undefined,
    };

    await expect(claimsOfSink(0)["stands still while paused"]?.({ sink: deaf, pass })).rejects.toThrow();
  });
});
