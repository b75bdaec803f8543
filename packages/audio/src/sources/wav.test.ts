import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ManualClock, manualClock, until, within } from "@ts-tars/harness";
import { describe, expect, test } from "vitest";
import { CLAIMS_OF_SOURCE, describeAudioSource, rampFrom, type SourceUnderTest } from "../audio-source.conformance.ts";
import type { AudioSource } from "../audio-source.ts";
import { type AudioFrame, msOfSamples } from "../frame.ts";
import { encodeWav } from "../wav/encode-wav.ts";
import { openWavSource, type WavSourceOptions } from "./wav.ts";

const LONG_SAMPLES = 20 * 16_000;

interface Stage extends AsyncDisposable {
  readonly clock: ManualClock;
  readonly path: string;
  open(options?: Partial<WavSourceOptions>): AudioSource;
}

async function openStage(content: Uint8Array = encodeWav([rampFrom(0, LONG_SAMPLES)])): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "wav-source-"));
  const path = join(folder, "question.wav");
  await writeFile(path, content);
  const clock = manualClock();
  return {
    clock,
    path,
    open: (options) => openWavSource({ path, clock, pace: "real_time", ...options }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

async function openUnderTest(): Promise<SourceUnderTest> {
  const stage = await openStage();
  const { clock } = stage;
  return {
    source: stage.open(),
    speak: async (sampleCount) => {
      // The file is read before the first frame has a time.
      await until(() => clock.pendingCount > 0);
      await clock.advance(msOfSamples(sampleCount));
    },
    finish: () => clock.advance(msOfSamples(LONG_SAMPLES)),
    renew: async () => undefined,
    isHeld: () => clock.pendingCount > 0,
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
}

describeAudioSource("wav", openUnderTest);

async function readAll(source: AudioSource): Promise<readonly AudioFrame[]> {
  const frames: AudioFrame[] = [];
  for await (const frame of source.frames(new AbortController().signal)) frames.push(frame);
  return frames;
}

describe("the source wav", () => {
  test("gives a frame at the end of its own time", async () => {
    await using stage = await openStage();
    const iterator = stage.open().frames(new AbortController().signal)[Symbol.asyncIterator]();
    let frameCount = 0;
    const first = iterator.next().then(() => {
      frameCount += 1;
    });
    await until(() => stage.clock.pendingCount > 0);

    await stage.clock.advance(19);
    expect(frameCount).toBe(0);
    await stage.clock.advance(1);
    await first;

    await iterator.return?.();
  });

  test("as fast as possible needs no time and loses nothing", async () => {
    await using stage = await openStage();

    const frames = await readAll(stage.open({ pace: "fast" }));

    expect(frames.length).toBe(1_000);
    expect(frames.every(({ sample }, index) => sample === index * 320)).toBe(true);
  });

  test("may have silence behind it, in whole frames but for the last", async () => {
    await using stage = await openStage(encodeWav([rampFrom(1, 500)]));

    const frames = await readAll(stage.open({ pace: "fast", trailingSilenceMs: 30 }));

    expect(frames.map(({ pcm }) => pcm.length)).toEqual([320, 320, 320, 20]);
    expect(frames.flatMap(({ pcm }) => [...pcm])).toEqual([...rampFrom(1, 500), ...new Int16Array(480)]);
  });

  test("that is no WAV file is told with its path, the reason and the remedy", async () => {
    await using stage = await openStage(Buffer.from("OggS, and so on"));

    await expect(readAll(stage.open())).rejects.toMatchObject({
      code: "AUDIO_SOURCE",
      message: `${stage.path} cannot be used. The file is an Ogg file (Vorbis or Opus), whatever its name says.`,
      remedy: expect.stringContaining("ffmpeg"),
    });
  });

  test("that never ends is told to be no file, and is not read", async (context) => {
    context.skip(process.platform === "win32", "there is no /dev/zero");
    await using stage = await openStage();

    await expect(within(5_000, readAll(stage.open({ path: "/dev/zero" })))).rejects.toMatchObject({
      code: "AUDIO_SOURCE",
      message: "/dev/zero cannot be used. It is no file.",
    });
  });

  test("that is not there is told with its path", async () => {
    await using stage = await openStage();
    const source = stage.open({ path: `${stage.path}.old` });

    await expect(readAll(source)).rejects.toMatchObject({
      code: "AUDIO_SOURCE",
      remedy: expect.stringContaining("path"),
    });
  });
});

describe("the conformance suite of sources", () => {
  /** Runs a claim against a source that does something wrong. */
  const claim = async (title: string, spoil: (frames: AsyncIterable<AudioFrame>) => AsyncIterable<AudioFrame>) => {
    await using underTest = await openUnderTest();
    const { source } = underTest;
    const broken = { ...source, frames: (signal: AbortSignal) => spoil(source.frames(signal)) };
    await CLAIMS_OF_SOURCE[title]?.({ ...underTest, source: broken });
  };

  test("refuses a source that numbers its samples by what was read", async () => {
    const title = "loses the oldest frames of a slow reader, as a jump, and not the memory";
    const renumbered = async function* (frames: AsyncIterable<AudioFrame>) {
      let sample = 0;
      for await (const frame of frames) {
        yield { ...frame, sample };
        sample += frame.pcm.length;
      }
    };

    await expect(claim(title, renumbered)).rejects.toThrow();
  });

  test("refuses a source that keeps everything for a slow reader", async () => {
    const title = "loses the oldest frames of a slow reader, as a jump, and not the memory";
    const hoarded = async function* (frames: AsyncIterable<AudioFrame>) {
      const kept: Promise<IteratorResult<AudioFrame>>[] = [];
      const iterator = frames[Symbol.asyncIterator]();
      for (let frame = 0; frame < LONG_SAMPLES / 320; frame += 1) kept.push(iterator.next());
      for (const each of kept) {
        const { value, done } = await each;
        if (done !== true) yield value;
      }
    };

    await expect(claim(title, hoarded)).rejects.toThrow();
  });

  test("refuses a source that holds its device after its reader has left", async () => {
    const title = "releases everything when its reader leaves";
    const kept = (frames: AsyncIterable<AudioFrame>) => {
      const iterator = frames[Symbol.asyncIterator]();
      return { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) };
    };

    await expect(claim(title, kept)).rejects.toThrow();
  });
});
