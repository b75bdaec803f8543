import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { manualClock, recorder, until } from "@ts-tars/harness";
import { SYSTEM_CLOCK } from "@ts-tars/service";
import { describe, expect, test } from "vitest";
import { describeAudioSource, rampFrom, type SourceUnderTest } from "../audio-source.conformance.ts";
import type { AudioSourceError } from "../errors.ts";
import { openFanout } from "../fanout/fanout-server.ts";
import { A, B, LOG, openStage } from "../fanout/fanout-stage.fixture.ts";
import { type AudioFrame, FRAME_SAMPLES } from "../frame.ts";
import { openFanoutSource } from "./fanout.ts";

async function openUnderTest(): Promise<SourceUnderTest> {
  const stage = await openStage();
  return {
    source: openFanoutSource({ path: stage.path, clock: SYSTEM_CLOCK }),
    speak: async (sampleCount) => {
      await until(() => stage.fanout.figures.clientCount > 0);
      stage.speak(sampleCount);
      await stage.drained();
    },
    finish: async () => stage.fanout.endCapture(),
    renew: async () => {
      await until(() => stage.fanout.figures.clientCount === 0);
      stage.begin(B);
    },
    isHeld: () => stage.fanout.figures.clientCount > 0,
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
}

describeAudioSource("fanout", openUnderTest);

describe("the client of the fan-out", () => {
  test("asks again, ever more seldom, until somebody shares sound, and says why not", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fanout-"));
    const path = join(folder, "sound.sock");
    const clock = manualClock();
    const downs = recorder<{ readonly error: AudioSourceError; readonly retryInMs: number }>();
    const onDown = (error: AudioSourceError, { retryInMs }: { readonly retryInMs: number }) =>
      downs.push({ error, retryInMs });
    const source = openFanoutSource({ path, clock, onDown, random: () => 0 });
    const frames: AudioFrame[] = [];
    const reading = (async () => {
      for await (const frame of source.frames(new AbortController().signal)) frames.push(frame);
    })();

    for (const expectedMs of [500, 1_000, 2_000, 4_000, 5_000]) {
      const { error, retryInMs } = await downs.next();
      expect(error.message).toContain(`No sound is shared at ${path}: `);
      expect(retryInMs).toBe(expectedMs);
      await clock.advance(retryInMs);
    }
    await downs.next();
    await using fanout = await openFanout({ path, log: LOG });
    await clock.advance(5_000);
    await until(() => fanout.figures.clientCount === 1);
    fanout.push({ captureId: A, sample: 0, pcm: rampFrom(0, FRAME_SAMPLES) });
    fanout.endCapture();

    await reading;
    expect(frames.length).toBe(1);
    await rm(folder, { recursive: true });
  });

  test("does not take something else for sound", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fanout-"));
    const path = join(folder, "sound.sock");
    const stranger = createServer((socket) => socket.on("error", () => undefined).end("HTTP/1.1 200 OK\r\n\r\n"));
    await new Promise<void>((resolve) => stranger.listen(path, resolve));
    const downs = recorder<AudioSourceError>();
    const owner = new AbortController();
    const source = openFanoutSource({ path, clock: manualClock(), onDown: (error) => downs.push(error) });
    const reading = (async () => {
      for await (const frame of source.frames(owner.signal)) throw new Error(`It heard ${frame.sample}.`);
    })();

    expect((await downs.next()).message).toContain("its first line is no JSON");

    owner.abort();
    await reading;
    await new Promise((resolve) => stranger.close(resolve));
    await rm(folder, { recursive: true });
  });
});
