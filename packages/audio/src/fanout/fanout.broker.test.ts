import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { manualClock, recorder, until } from "@ts-tars/harness";
import { createLog, SYSTEM_CLOCK } from "@ts-tars/service";
import { describe, expect, test } from "vitest";
import { describeAudioSource, rampFrom, type SourceUnderTest } from "../audio-source.conformance.ts";
import type { AudioSource } from "../audio-source.ts";
import type { AudioSourceError } from "../errors.ts";
import { type AudioFrame, FRAME_SAMPLES } from "../frame.ts";
import { readProgram } from "../program/read-program.ts";
import { openFanoutSource } from "../sources/fanout.ts";
import { FanoutReader } from "./fanout-protocol.ts";
import { type Fanout, openFanout } from "./fanout-server.ts";

const LOG = createLog({ name: "test", level: "silent" });
const [A, B] = ["a".repeat(16), "b".repeat(16)] as const;
/** What a socket of the system may hold of a client that does not read; far less than this. */
const MANY_FRAMES = 20_000;

interface Stage extends AsyncDisposable {
  readonly folder: string;
  readonly path: string;
  readonly rawPath: string;
  readonly fanout: Fanout;
  /** Tells so many more samples of the capture. */
  speak(sampleCount: number): void;
  begin(captureId: string): void;
  /** Resolves when no chunk is on its way any more. */
  drained(): Promise<void>;
}

async function openStage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "fanout-"));
  const [path, rawPath] = [join(folder, "deep", "sound.sock"), join(folder, "raw.sock")];
  const fanout = await openFanout({ path, rawPath, log: LOG });
  let [captureId, sample] = [A as string, 0];
  return {
    folder,
    path,
    rawPath,
    fanout,
    speak: (sampleCount) => {
      for (let left = sampleCount; left > 0; left -= FRAME_SAMPLES) {
        const pcm = rampFrom(sample, Math.min(left, FRAME_SAMPLES));
        fanout.push({ captureId, sample, pcm });
        sample += pcm.length;
      }
    },
    begin: (id) => {
      captureId = id;
      sample = 0;
    },
    drained: async () => {
      await until(() => fanout.figures.waitingCount === 0);
      for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    },
    [Symbol.asyncDispose]: async () => {
      await fanout[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

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

async function readAll(
  source: AudioSource,
  onFrame: (frame: AudioFrame) => void = () => undefined,
): Promise<readonly AudioFrame[]> {
  const frames: AudioFrame[] = [];
  for await (const frame of source.frames(new AbortController().signal)) {
    frames.push(frame);
    onFrame(frame);
  }
  return frames;
}

const openSource = (stage: Stage): AudioSource => openFanoutSource({ path: stage.path, clock: SYSTEM_CLOCK });
const clients = (stage: Stage, count: number): Promise<unknown> =>
  until(() => stage.fanout.figures.clientCount === count);
const samplesOf = (frames: readonly AudioFrame[]): readonly number[] => frames.map(({ sample }) => sample);

describe("the fan-out", () => {
  test("tells many clients the same, and who comes late where it is", async () => {
    await using stage = await openStage();
    const early = Array.from({ length: 20 }, () => readAll(openSource(stage)));
    await clients(stage, 20);
    stage.speak(2 * FRAME_SAMPLES);
    const late = readAll(openSource(stage));
    await clients(stage, 21);
    stage.speak(2 * FRAME_SAMPLES);
    stage.fanout.endCapture();

    for (const reading of early) expect(samplesOf(await reading)).toEqual([0, 320, 640, 960]);
    expect(samplesOf(await late)).toEqual([640, 960]);
  });

  test("begins new connections with a new capture", async () => {
    await using stage = await openStage();
    const source = openSource(stage);
    const first = readAll(source);
    await clients(stage, 1);
    stage.speak(FRAME_SAMPLES);
    stage.begin(B);
    stage.speak(FRAME_SAMPLES);

    expect((await first).map(({ captureId }) => captureId)).toEqual([A]);
    await clients(stage, 0);
    const second = readAll(source);
    await clients(stage, 1);
    stage.speak(FRAME_SAMPLES);
    stage.fanout.endCapture();
    expect((await second).map(({ captureId, sample }) => [captureId, sample])).toEqual([[B, 320]]);
  });

  test("drops the oldest for a slow client, counts it, and disconnects who takes nothing", async () => {
    await using stage = await openStage();
    await using stopped = await openSocket(stage.path);
    const quick = readAll(openSource(stage));
    await clients(stage, 2);
    stopped.socket.pause();

    let sent = 0;
    while (stage.fanout.figures.givenUpCount === 0 && sent < MANY_FRAMES) {
      stage.speak(FRAME_SAMPLES);
      sent += 1;
      await new Promise(setImmediate);
    }
    await stage.drained();
    stage.fanout.endCapture();

    expect(stage.fanout.figures).toMatchObject({ givenUpCount: 1, droppedCount: 256 });
    expect((await quick).length).toBe(sent);
    await until(() => stopped.socket.closed || stopped.socket.resume().destroyed);
  });

  test("gives a client that was slow for a while the newest, with a jump", async () => {
    await using stage = await openStage();
    await using slow = await openSocket(stage.path);
    await clients(stage, 1);
    slow.socket.pause();
    let sent = 0;
    while (stage.fanout.figures.droppedCount < 100 && sent < MANY_FRAMES) {
      stage.speak(FRAME_SAMPLES);
      sent += 1;
      await new Promise(setImmediate);
    }

    const reader = new FanoutReader();
    const samples: number[] = [];
    slow.socket.on("data", (bytes) => samples.push(...reader.push(bytes).map(({ sample }) => sample)));
    slow.socket.resume();
    await until(() => samples.at(-1) === (sent - 1) * FRAME_SAMPLES);

    expect(samples.length).toBe(sent - stage.fanout.figures.droppedCount);
    expect(stage.fanout.figures.givenUpCount).toBe(0);
  });

  test("does not mind what a client says", async () => {
    await using stage = await openStage();
    await using rude = await openSocket(stage.path);
    const reading = readAll(openSource(stage));
    await clients(stage, 2);

    for (let n = 0; n < 50; n += 1) rude.socket.write(Buffer.alloc(65_536, n));
    stage.speak(FRAME_SAMPLES);
    rude.socket.destroy();
    await clients(stage, 1);
    stage.speak(FRAME_SAMPLES);
    stage.fanout.endCapture();

    expect(samplesOf(await reading)).toEqual([0, 320]);
  });

  test("gives raw samples and nothing else on the socket of v1, over captures", async () => {
    await using stage = await openStage();
    await using raw = await openSocket(stage.rawPath);
    await clients(stage, 1);

    stage.speak(FRAME_SAMPLES);
    stage.begin(B);
    stage.speak(FRAME_SAMPLES);

    const ramp = Buffer.from(rampFrom(0, FRAME_SAMPLES).buffer);
    await until(() => raw.received().length >= 2 * ramp.length);
    expect(raw.received().equals(Buffer.concat([ramp, ramp]))).toBe(true);
  });
});

describe("the client of the fan-out", () => {
  test("asks again, ever more seldom, until somebody shares sound, and says why not", async () => {
    const folder = await mkdtemp(join(tmpdir(), "fanout-"));
    const path = join(folder, "sound.sock");
    const clock = manualClock();
    const downs = recorder<{ readonly error: AudioSourceError; readonly retryInMs: number }>();
    const onDown = (error: AudioSourceError, { retryInMs }: { readonly retryInMs: number }) =>
      downs.push({ error, retryInMs });
    const source = openFanoutSource({ path, clock, onDown, random: () => 0 });
    const reading = readAll(source);

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

    expect((await reading).length).toBe(1);
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

describe("the socket's file", () => {
  test("is made in a folder of its own, for the user and its group only", async () => {
    await using stage = await openStage();

    expect((await stat(stage.path)).mode & 0o777).toBe(0o660);
    expect((await stat(join(stage.folder, "deep"))).mode & 0o777).toBe(0o700);
  });

  test("of a server that was killed is replaced", async () => {
    await using stage = await openStage();
    const path = join(stage.folder, "old.sock");
    const script = `require("node:net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
    const { signal } = new AbortController();
    await readProgram({ command: [process.execPath, "-e", script], signal, timeoutMs: 10_000 });
    expect((await stat(path)).isSocket()).toBe(true);

    await using fanout = await openFanout({ path, log: LOG });

    expect(fanout.figures.clientCount).toBe(0);
  });

  test("of a living server is left to it", async () => {
    await using stage = await openStage();

    await expect(openFanout({ path: stage.path, log: LOG })).rejects.toMatchObject({
      code: "AUDIO_SINK",
      message: expect.stringContaining("another program shares its sound there already."),
    });
    await using _still = await openSocket(stage.path);
  });

  test("that is another kind of file is not touched", async () => {
    await using stage = await openStage();
    const path = join(stage.folder, "notes.txt");
    await writeFile(path, "mine");

    await expect(openFanout({ path, log: LOG })).rejects.toThrow("there is a file that is no socket.");
    expect((await stat(path)).size).toBe(4);
  });

  test("with too long a path, or in a folder that cannot be, is refused in words", async () => {
    await using stage = await openStage();
    await mkdir(join(stage.folder, "x".repeat(100)));
    await writeFile(join(stage.folder, "file"), "");

    const long = join(stage.folder, "x".repeat(100), "sound.sock");
    await expect(openFanout({ path: long, log: LOG })).rejects.toThrow("longer than the 107 bytes");
    const inFile = join(stage.folder, "file", "sound.sock");
    await expect(openFanout({ path: inFile, log: LOG })).rejects.toMatchObject({ code: "AUDIO_SINK" });
  });

  test("is gone when the fan-out is closed", async () => {
    const stage = await openStage();
    await stage.fanout[Symbol.asyncDispose]();

    await expect(stat(stage.path)).rejects.toThrow("ENOENT");
    await stage[Symbol.asyncDispose]();
  });
});

interface RawClient extends AsyncDisposable {
  readonly socket: Socket;
  received(): Buffer;
}

async function openSocket(path: string): Promise<RawClient> {
  const chunks: Buffer[] = [];
  const socket = connect(path);
  socket.on("error", () => undefined).on("data", (chunk: Buffer) => chunks.push(chunk));
  await until(() => !socket.connecting);
  return {
    socket,
    received: () => Buffer.concat(chunks),
    [Symbol.asyncDispose]: async () => void socket.destroy(),
  };
}
