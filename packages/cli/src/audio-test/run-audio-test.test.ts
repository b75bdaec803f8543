import { type AudioFrame, type AudioSink, type AudioSource, FRAME_SAMPLES, type Sound } from "@ts-tars/audio";
import { expect, test } from "vitest";
import { runAudioTest } from "./run-audio-test.ts";

const DELAY_SAMPLES = 800;

/** A loudspeaker and a microphone in one room: what is played is heard after 50 ms, at a tenth of its volume. */
function openRoom(gain: number): { readonly source: AudioSource; readonly sink: AudioSink } {
  let air: number[] = [];
  const sink: AudioSink = {
    name: "room",
    isAudible: true,
    positionMs: 0,
    prepare: () => undefined,
    play: async ({ pcm }: Sound) => {
      for await (const chunk of pcm) air.push(...new Array(DELAY_SAMPLES).fill(0), ...chunk);
    },
    pause: () => undefined,
    resume: () => undefined,
    setVolume: () => undefined,
    close: async () => undefined,
  };
  async function* frames(signal: AbortSignal): AsyncGenerator<AudioFrame> {
    air = [];
    for (let sample = 0; !signal.aborted; sample += FRAME_SAMPLES) {
      const heard = air.splice(0, FRAME_SAMPLES).map((value) => value * gain);
      const pcm = Int16Array.from(
        { length: FRAME_SAMPLES },
        (_, at) => 2_000 * Math.sin(at / 9) * 0.02 + (heard[at] ?? 0),
      );
      yield { captureId: "0123456789abcdef", sample, pcm };
    }
  }
  return { sink, source: { name: "room", label: "a room", frames } };
}

const NEVER = new AbortController().signal;

test("the loop is heard with its delay and its loss, and the level is told", async () => {
  const levels: number[] = [];
  const lines: string[] = [];

  const { loop, level } = await runAudioTest({
    ...openRoom(0.1),
    say: (line) => lines.push(line),
    onLevel: (levelDb) => levels.push(levelDb),
    stop: NEVER,
  });

  const delayMs = loop.kind === "heard" ? loop.delayMs : Number.NaN;
  // The room's own 50 ms, and the frames that pass before the sound is in the air.
  expect(delayMs).toBeGreaterThanOrEqual(50);
  expect(delayMs).toBeLessThan(150);
  expect(loop.kind === "heard" && loop.echoDb).toBeCloseTo(-20, 0);
  expect(level.kind).toBe("quiet");
  expect(levels.length).toBeGreaterThan(10);
  expect(lines[0]).toContain("a room");
});

test("a loudspeaker that the microphone does not hear is said to be unheard", async () => {
  const { loop } = await runAudioTest({
    ...openRoom(0),
    say: () => undefined,
    onLevel: () => undefined,
    stop: NEVER,
  });

  expect(loop.kind).toBe("unheard");
});

test("a loudspeaker that breaks while the microphone is open is the test's own error, and no other", async () => {
  const { source, sink } = openRoom(0.1);
  let playedCount = 0;
  const breaking: AudioSink = {
    ...sink,
    play: async (sound, options) => {
      playedCount += 1;
      if (playedCount > 1) throw new Error("It was unplugged.");
      await sink.play(sound, options);
    },
  };
  /** As a real one: others get their turn between two frames. */
  async function* frames(signal: AbortSignal): AsyncGenerator<AudioFrame> {
    for await (const frame of source.frames(signal)) {
      yield frame;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  const testing = runAudioTest({
    ...{ source: { ...source, frames }, sink: breaking, stop: NEVER },
    ...{ say: () => undefined, onLevel: () => undefined },
  });

  await expect(testing).rejects.toThrow("It was unplugged.");
});
