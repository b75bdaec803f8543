import { until } from "@ts-tars/harness";
import { SYSTEM_CLOCK } from "@ts-tars/service";
import { describe, expect, test } from "vitest";
import { rampFrom } from "../audio-source.conformance.ts";
import type { AudioSource } from "../audio-source.ts";
import { type AudioFrame, FRAME_SAMPLES } from "../frame.ts";
import { openFanoutSource } from "../sources/fanout.ts";
import { FanoutReader } from "./fanout-protocol.ts";
import { A, B, openSocket, openStage, type Stage } from "./fanout-stage.fixture.ts";

/** What a socket of the system may hold of a client that does not read; far less than this. */
const MANY_FRAMES = 20_000;

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

  test("that is silenced keeps back what waits for slow clients, of both kinds", async () => {
    await using stage = await openStage();
    await using framed = await openSocket(stage.path);
    await using raw = await openSocket(stage.rawPath);
    await clients(stage, 2);
    for (const { socket } of [framed, raw]) socket.pause();
    let sent = 0;
    while (stage.fanout.figures.waitingCount < 100 && sent < MANY_FRAMES) {
      stage.speak(FRAME_SAMPLES);
      sent += 1;
      await new Promise(setImmediate);
    }

    stage.fanout.silence();
    // The chunk that each socket holds already is on its way.
    expect(stage.fanout.figures.waitingCount).toBeLessThanOrEqual(2);
    for (const { socket } of [framed, raw]) socket.resume();
    await stage.drained();

    const [lastSample] = new FanoutReader().push(framed.received()).slice(-1);
    expect(lastSample?.sample).toBeLessThan((sent - 40) * FRAME_SAMPLES);
    expect(raw.received().length).toBeLessThan((sent - 40) * FRAME_SAMPLES * 2);
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
