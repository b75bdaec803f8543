import { randomBytes } from "node:crypto";
import { AUDIO_FLAG, audioMic } from "@ts-tars/contracts";
import { openBroker, recorder } from "@ts-tars/harness";
import { type Client, connect } from "@ts-tars/mqtt";
import { SYSTEM_CLOCK } from "@ts-tars/service";
import { expect, test } from "vitest";
import { describeAudioSource, rampFrom, type SourceUnderTest } from "../audio-source.conformance.ts";
import type { AudioSource } from "../audio-source.ts";
import type { AudioFrame } from "../frame.ts";
import { bytesOf } from "../pcm/sample-bytes.ts";
import { type CaptureBeginning, type MicFeed, openMicFeed } from "./mic-feed.ts";

const SITE = "kitchen";

interface Stage extends AsyncDisposable {
  readonly feed: MicFeed;
  readonly sender: Client;
  readonly captures: ReturnType<typeof recorder<CaptureBeginning>>;
}

async function openStage(): Promise<Stage> {
  const stack = new AsyncDisposableStack();
  const broker = stack.use(await openBroker());
  const sender = stack.use(connect({ url: broker.url, source: "browser" }));
  const client = stack.use(connect({ url: broker.url, source: "stt-worker" }));
  const captures = recorder<CaptureBeginning>();
  const feed = stack.use(openMicFeed({ client, clock: SYSTEM_CLOCK, onCapture: captures.push }));
  await Promise.all([feed.active, sender.ready()]);
  return { feed, sender, captures, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** A microphone that speaks on the bus. */
class Microphone {
  readonly #sender: Client;
  #streamId = randomBytes(8).toString("hex");
  #position = 0;
  #sequence = 0;

  constructor(sender: Client) {
    this.#sender = sender;
  }

  send(sampleCount: number, flags = 0): void {
    const bytes = bytesOf(rampFrom(this.#position, sampleCount));
    const frame = { sequence: this.#sequence, stream_id: this.#streamId, position: this.#position, flags, bytes };
    this.#sender.publish(audioMic.at({ site: SITE }), frame);
    this.#sequence += 1;
    this.#position += sampleCount;
  }

  renew(): void {
    this.#streamId = randomBytes(8).toString("hex");
    this.#position = 0;
  }
}

/** As the port's rule for slow readers is met by the feed: whatever was published has come when a fence behind it has. */
async function openUnderTest(): Promise<SourceUnderTest> {
  const stage = await openStage();
  const microphone = new Microphone(stage.sender);
  const fence = async (): Promise<void> => {
    const fenceSite = randomBytes(8).toString("hex");
    const frame = { sequence: 0, stream_id: fenceSite, position: 0, flags: AUDIO_FLAG.end, bytes: new Uint8Array(0) };
    stage.sender.publish(audioMic.at({ site: fenceSite }), frame);
    await stage.captures.until(({ siteId }) => siteId === fenceSite);
  };
  let openCount = 0;
  const { name, label, frames } = stage.feed.sourceOf(SITE);
  const counted = async function* (signal: AbortSignal): AsyncGenerator<AudioFrame, void, undefined> {
    openCount += 1;
    try {
      yield* frames(signal);
    } finally {
      openCount -= 1;
    }
  };
  return {
    source: { name, label, frames: counted },
    speak: async (sampleCount) => {
      for (let left = sampleCount; left > 0; left -= 320) microphone.send(Math.min(left, 320));
      await fence();
    },
    finish: async () => microphone.send(0, AUDIO_FLAG.end),
    renew: async () => {
      microphone.send(0, AUDIO_FLAG.end);
      microphone.renew();
      await fence();
    },
    isHeld: () => openCount > 0,
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
}

describeAudioSource("mqtt", openUnderTest);

async function readAll(source: AudioSource, owner = new AbortController()): Promise<readonly AudioFrame[]> {
  const frames: AudioFrame[] = [];
  for await (const frame of source.frames(owner.signal)) frames.push(frame);
  return frames;
}

test("a capture that is opened after it was announced is heard from its first frame on", async () => {
  await using stage = await openStage();
  const microphone = new Microphone(stage.sender);
  microphone.send(320, AUDIO_FLAG.file);
  microphone.send(320, AUDIO_FLAG.end | AUDIO_FLAG.file);

  const { siteId, isFile } = await stage.captures.next();

  expect([siteId, isFile]).toEqual([SITE, true]);
  expect((await readAll(stage.feed.sourceOf(siteId))).map(({ sample }) => sample)).toEqual([0, 320]);
});

test("a new stream ends the reading of the old one, and is the next to be read, whole", async () => {
  await using stage = await openStage();
  const microphone = new Microphone(stage.sender);
  microphone.send(320);
  await stage.captures.next();
  const first = readAll(stage.feed.sourceOf(SITE));

  microphone.renew();
  microphone.send(320);
  microphone.send(320, AUDIO_FLAG.end);

  expect((await first).length).toBe(1);
  expect((await readAll(stage.feed.sourceOf(SITE))).map(({ sample }) => sample)).toEqual([0, 320]);
});

test("a microphone that stays open is heard again after its reader had left", async () => {
  await using stage = await openStage();
  const microphone = new Microphone(stage.sender);
  microphone.send(320);
  await stage.captures.next();
  for await (const frame of stage.feed.sourceOf(SITE).frames(new AbortController().signal)) {
    expect(frame.sample).toBe(0);
    break;
  }

  const again = readAll(stage.feed.sourceOf(SITE));
  microphone.send(320);
  microphone.send(320, AUDIO_FLAG.end);

  expect((await again).map(({ sample }) => sample)).toEqual([320, 640]);
});

test("what waits for a capture ends with the feed's owner, not with the feed", async () => {
  await using stage = await openStage();
  const owner = new AbortController();
  const reading = readAll(stage.feed.sourceOf("hall"), owner);

  await stage.feed[Symbol.asyncDispose]();
  owner.abort();

  expect(await reading).toEqual([]);
});
