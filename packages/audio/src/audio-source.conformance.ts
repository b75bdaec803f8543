import { until, within } from "@ts-tars/harness";
import { describe, expect, it } from "vitest";
import type { AudioSource } from "./audio-source.ts";
import { type AudioFrame, FRAME_SAMPLES } from "./frame.ts";

/** A source under test, and the world that it hears: sample number n has the value n, as 16 bits wrap around. */
export interface SourceUnderTest extends AsyncDisposable {
  readonly source: AudioSource;
  /** Lets so many more samples sound; resolves when the source has been given them. */
  readonly speak: (sampleCount: number) => Promise<void>;
  /** Lets the capture come to its end. */
  readonly finish: () => Promise<void>;
  /** Lets the next opening hear another capture than the last one. */
  readonly renew: () => Promise<void>;
  /** Whether the source holds a device, a process, a socket or a timer. */
  readonly isHeld: () => boolean;
}

const DEADLINE_MS = 20_000;
const RELEASE_LIMIT_MS = 3_000;
/** Far more than may wait. */
const FLOOD_FRAMES = 600;
/** What may wait, and what is under way through pipes and sockets that are no memory of ours. */
const KEPT_FRAMES_MAX = 258;

type Claim = (underTest: SourceUnderTest) => Promise<void>;

/** The conformance suite of `AudioSource`: what every provider promises. */
export function describeAudioSource(name: string, open: () => Promise<SourceUnderTest>): void {
  describe(`the audio source ${name}`, () => {
    for (const [title, claim] of Object.entries(CLAIMS_OF_SOURCE)) {
      it(title, async () => {
        await using underTest = await open();
        await claim(underTest);
      });
    }
  });
}

/** What is claimed of a source, by title; each throws when it is not so. */
export const CLAIMS_OF_SOURCE: Readonly<Record<string, Claim>> = {
  "gives whole frames in order, each sample at its number": async ({ source, speak }) => {
    await using reading = read(source);

    await speak(3 * FRAME_SAMPLES + 100);
    const frames = await reading.take(3);

    expect(frames.map(({ sample }) => sample)).toEqual([0, FRAME_SAMPLES, 2 * FRAME_SAMPLES]);
    for (const frame of frames) expect(frame.pcm).toEqual(rampFrom(frame.sample, FRAME_SAMPLES));
  },
  "names a capture by one id, and another capture by another": async ({ source, speak, renew }) => {
    const ids: string[][] = [];
    for (let capture = 0; capture < 2; capture += 1) {
      await using reading = read(source);
      await speak(3 * FRAME_SAMPLES);
      ids.push((await reading.take(2)).map(({ captureId }) => captureId));
      await reading[Symbol.asyncDispose]();
      await renew();
    }

    const [[first, again] = [], [second] = []] = ids;
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(again).toBe(first);
    expect(second).toMatch(/^[0-9a-f]{16}$/);
    expect(second).not.toBe(first);
  },
  "ends when the capture does, with what is left": async ({ source, speak, finish }) => {
    await using reading = read(source);

    await speak(2 * FRAME_SAMPLES + 100);
    await reading.take(2);
    await finish();

    const rest = await reading.toEnd();
    const end = rest.at(-1);
    const sampleCount = end === undefined ? 2 * FRAME_SAMPLES : end.sample + end.pcm.length;
    expect(sampleCount).toBeGreaterThanOrEqual(2 * FRAME_SAMPLES + 100);
    for (const { pcm } of rest.slice(0, -1)) expect(pcm.length).toBe(FRAME_SAMPLES);
  },
  "loses the oldest frames of a slow reader, as a jump, and not the memory": async ({ source, speak, finish }) => {
    await using reading = read(source);
    await speak(2 * FRAME_SAMPLES);
    const [first] = await reading.take(1);

    for (let frame = 0; frame < FLOOD_FRAMES; frame += 1) await speak(FRAME_SAMPLES);
    await finish();

    const late = await reading.toEnd();
    expect(first?.sample).toBe(0);
    expect(late.length).toBeLessThanOrEqual(KEPT_FRAMES_MAX);
    const last = late.at(-1);
    expect((last?.sample ?? 0) + (last?.pcm.length ?? 0)).toBeGreaterThanOrEqual((FLOOD_FRAMES + 2) * FRAME_SAMPLES);
    for (const { sample, pcm } of late) expect(pcm).toEqual(rampFrom(sample, pcm.length));
  },
  "ends without an error when it is aborted, and releases everything": async ({ source, speak, isHeld }) => {
    await using reading = read(source);
    await speak(2 * FRAME_SAMPLES);
    await reading.take(1);
    expect(isHeld()).toBe(true);

    reading.abort();

    await reading.toEnd();
    await until(() => !isHeld(), { deadlineMs: RELEASE_LIMIT_MS });
  },
  "ends without an error when it is aborted while nothing is heard": async ({ source, isHeld }) => {
    await using reading = read(source);
    const rest = reading.toEnd();

    reading.abort();

    expect(await rest).toEqual([]);
    await until(() => !isHeld(), { deadlineMs: RELEASE_LIMIT_MS });
  },
  "releases everything when its reader leaves": async ({ source, speak, isHeld }) => {
    await using reading = read(source);
    await speak(2 * FRAME_SAMPLES);
    await reading.take(1);

    await reading.leave();

    await until(() => !isHeld(), { deadlineMs: RELEASE_LIMIT_MS });
  },
  "gives nothing and holds nothing when it was aborted before": async ({ source, isHeld }) => {
    await using reading = read(source);
    reading.abort();

    expect(await reading.toEnd()).toEqual([]);
    expect(isHeld()).toBe(false);
  },
};

/** Samples that say where they are. */
export function rampFrom(sample: number, count: number): Int16Array {
  return Int16Array.from({ length: count }, (_, n) => sample + n);
}

interface Reading extends AsyncDisposable {
  readonly take: (frameCount: number) => Promise<readonly AudioFrame[]>;
  readonly toEnd: () => Promise<readonly AudioFrame[]>;
  readonly abort: () => void;
  readonly leave: () => Promise<void>;
}

/** Begins to read at once: a capture may be there before its first frame is asked for. */
function read(source: AudioSource): Reading {
  const owner = new AbortController();
  const iterator = source.frames(owner.signal)[Symbol.asyncIterator]();
  const waiting = [iterator.next()];
  const next = (): Promise<IteratorResult<AudioFrame>> =>
    within(DEADLINE_MS, waiting.shift() ?? iterator.next(), () => `the source ${source.name} gives nothing`);
  const leave = async (): Promise<void> => {
    await iterator.return?.();
  };
  // What is wrong with the first frame is told to whoever takes it.
  waiting[0]?.catch(() => undefined);
  return {
    take: async (frameCount) => {
      const frames: AudioFrame[] = [];
      while (frames.length < frameCount) {
        const { value, done } = await next();
        if (done === true) throw new Error(`The source ended after ${frames.length} of ${frameCount} frames.`);
        frames.push(value);
      }
      return frames;
    },
    toEnd: async () => {
      const frames: AudioFrame[] = [];
      for (let result = await next(); result.done !== true; result = await next()) frames.push(result.value);
      return frames;
    },
    abort: () => owner.abort(),
    leave,
    [Symbol.asyncDispose]: async () => {
      owner.abort();
      await leave();
    },
  };
}
