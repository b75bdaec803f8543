import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { manualClock, until } from "@ts-tars/harness";
import { SYSTEM_CLOCK } from "@ts-tars/service";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { describeAudioSink, type SinkUnderTest } from "../audio-sink.conformance.ts";
import type { AudioSink } from "../audio-sink.ts";
import { samplesOfMs } from "../frame.ts";
import { parseWav } from "../wav/parse-wav.ts";
import { openWavSink } from "./wav.ts";

describeAudioSink("wav", async (): Promise<SinkUnderTest> => {
  const folder = await mkdtemp(join(tmpdir(), "wav-sink-"));
  const path = join(folder, "spoken.wav");
  const clock = manualClock();
  const sink = openWavSink({ clock, path, pace: "real_time" });
  // The file is real, the time is not: it must be open before that moves.
  sink.prepare();
  await until(async () => existsSync(path) && (await stat(path)).size >= 44);
  return {
    sink,
    pass: (ms) => clock.advance(ms),
    [Symbol.asyncDispose]: async () => {
      await sink.close();
      await rm(folder, { recursive: true });
    },
  };
});

describe("a WAV file that is spoken into", () => {
  let folder: string;
  let path: string;
  const open = (): AudioSink => openWavSink({ clock: SYSTEM_CLOCK, path, pace: "at_once" });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "wav-sink-"));
    path = join(folder, "spoken.wav");
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("holds the sentences one after the other, at once when told so", async () => {
    const sink = open();
    await speak(sink, 1, 60_000);
    await speak(sink, 2, 500);
    await sink.close();

    const { pcm, isTruncated } = parseWav(await readFile(path));
    expect([pcm.length, isTruncated]).toEqual([samplesOfMs(60_500), false]);
    expect([pcm[0], pcm.at(-1)]).toEqual([1, 2]);
  });

  test("can be played while it is written, so that a crash loses nothing", async () => {
    const sink = open();
    await speak(sink, 1, 1_000);

    const crashed = parseWav(await readFile(path));

    expect([crashed.pcm.length, crashed.isTruncated]).toEqual([samplesOfMs(1_000), false]);
    await sink.close();
  });

  test("is continued, whatever its head says and wherever it ends", async () => {
    const before = open();
    await speak(before, 1, 1_000);
    await before.close();
    await truncate(path, 44 + 2 * samplesOfMs(600) + 1);

    const after = open();
    await speak(after, 2, 400);
    await after.close();

    const { pcm, isTruncated } = parseWav(await readFile(path));
    expect([pcm.length, isTruncated]).toEqual([samplesOfMs(1_000), false]);
    expect([pcm[samplesOfMs(600) - 1], pcm[samplesOfMs(600)]]).toEqual([1, 2]);
  });

  test("is left alone when it is something else", async () => {
    await writeFile(path, "My diary. ".repeat(20));

    await expect(speak(open(), 1, 100)).rejects.toMatchObject({
      code: "AUDIO_SINK",
      remedy: "Choose another file, or delete this one.",
    });
    expect(await readFile(path, "utf8")).toBe("My diary. ".repeat(20));
  });

  test("in a folder that does not exist is told, and tried afresh with the next sentence", async () => {
    const sink = openWavSink({ clock: SYSTEM_CLOCK, path: join(folder, "later", "a.wav"), pace: "at_once" });
    await expect(speak(sink, 1, 100)).rejects.toMatchObject({ code: "AUDIO_SINK" });

    await mkdir(join(folder, "later"));

    await speak(sink, 1, 100);
    await sink.close();
  });
});

async function speak(sink: AudioSink, value: number, durationMs: number): Promise<void> {
  const pcm = new Int16Array(samplesOfMs(durationMs)).fill(value);
  const sound = { expectedMs: durationMs, pcm: inOne(pcm) };
  await sink.play(sound, { sayId: "a".repeat(32), signal: new AbortController().signal, onStart: () => undefined });
}

async function* inOne(pcm: Int16Array): AsyncGenerator<Int16Array, void, undefined> {
  yield pcm;
}
