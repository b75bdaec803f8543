import { audioFlush, audioPlayout, audioSpeaker, type SoundFrame, soundIdOf } from "@ts-tars/contracts";
import { openBroker, recorder, type TestBroker } from "@ts-tars/harness";
import { type Client, connect } from "@ts-tars/mqtt";
import { SYSTEM_CLOCK } from "@ts-tars/service";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeAudioSink, type SinkUnderTest } from "../audio-sink.conformance.ts";
import type { AudioSink } from "../audio-sink.ts";
import { samplesOfMs } from "../frame.ts";
import { samplesOf } from "../pcm/sample-bytes.ts";
import { openRemoteSpeaker } from "../remote/remote-speaker.ts";
import { passMs } from "./device-trials.fixture.ts";
import { openMqttSink } from "./mqtt.ts";

const SAY_ID = "0123456789abcdef0123456789abcdef";
let broker: TestBroker;

beforeAll(async () => {
  broker = await openBroker();
});
afterAll(() => broker[Symbol.asyncDispose]());

interface Site extends AsyncDisposable {
  readonly sink: AudioSink;
  /** Somebody else on the bus. */
  readonly other: Client;
  readonly frames: ReturnType<typeof recorder<SoundFrame>>;
}

let siteCount = 0;

async function openSite(order: { readonly remote: "plays" | "is_away" }): Promise<Site & { readonly siteId: string }> {
  siteCount += 1;
  const siteId = `room${siteCount}`;
  const stack = new AsyncDisposableStack();
  const client = stack.use(connect({ url: broker.url, source: "tts-worker" }));
  const other = stack.use(connect({ url: broker.url, source: "page" }));
  const frames = recorder<SoundFrame>(({ position, flags }) => `${position} ${flags}`);
  await other.subscribe(audioSpeaker.at({ site: siteId }), ({ data }) => frames.push(data)).active;
  if (order.remote === "plays")
    await stack.use(openRemoteSpeaker({ client: other, siteId, clock: SYSTEM_CLOCK })).active;
  const sink = openMqttSink({ client, siteId, clock: SYSTEM_CLOCK });
  stack.defer(() => sink.close());
  return { sink, other, frames, siteId, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

describeAudioSink(
  "mqtt",
  async (): Promise<SinkUnderTest> => ({ ...(await openSite({ remote: "plays" })), pass: passMs }),
  { toleranceMs: 250 },
);

describe("the loudspeaker of a site", () => {
  test("gets the sentence as frames without a gap, whose last one says that it is", async () => {
    await using site = await openSite({ remote: "plays" });
    const pcm = new Int16Array(samplesOfMs(510)).map((_, index) => index);

    await play(site.sink, pcm);

    const frames = await site.frames.takeThrough(({ flags }) => flags === 1);
    const positions = frames.map(({ position }) => position);
    const lengths = frames.map(({ bytes }) => bytes.length / 2);
    expect(positions).toEqual(lengths.map((_, index) => lengths.slice(0, index).reduce((sum, each) => sum + each, 0)));
    expect(new Set(frames.map(({ stream_id }) => stream_id))).toEqual(new Set([soundIdOf(SAY_ID)]));
    expect(Math.max(...lengths)).toBeLessThanOrEqual(1_024);
    expect(frames.flatMap(({ bytes }) => [...samplesOf(bytes)])).toEqual([...pcm]);
  });

  test("that nobody plays fails the sentence, and says so", async () => {
    await using site = await openSite({ remote: "is_away" });

    await expect(play(site.sink, new Int16Array(samplesOfMs(5_000)))).rejects.toMatchObject({
      code: "AUDIO_SINK",
      message: `Nobody plays sound at the site "${site.siteId}".`,
    });
  });

  test("that falls silent in the middle fails the sentence, also when only the end is missing", async () => {
    await using site = await openSite({ remote: "is_away" });
    const started = recorder<string>();

    const playing = play(site.sink, new Int16Array(samplesOfMs(300)), { onStart: () => started.push("started") });
    await site.frames.next();
    site.other.publish(audioPlayout.at({ site: site.siteId }), { say_id: SAY_ID, played_ms: 90, state: "playing" });
    await started.next();

    await expect(playing).rejects.toMatchObject({ code: "AUDIO_SINK" });
    expect(site.sink.positionMs).toBeLessThanOrEqual(300);
  });

  test("that reports, but never goes on, does not play", async () => {
    await using site = await openSite({ remote: "is_away" });
    const topic = audioPlayout.at({ site: site.siteId });
    await site.other.subscribe(audioSpeaker.at({ site: site.siteId }), () => {
      site.other.publish(topic, { say_id: SAY_ID, played_ms: 0, state: "playing" });
    }).active;

    await expect(play(site.sink, new Int16Array(samplesOfMs(5_000)))).rejects.toMatchObject({ code: "AUDIO_SINK" });
    expect(site.sink.positionMs).toBe(0);
  });

  test("that says why it cannot play fails the sentence with its words", async () => {
    await using site = await openSite({ remote: "is_away" });
    const playing = play(site.sink, new Int16Array(samplesOfMs(5_000)));
    await site.frames.next();

    const detail = "The browser waits for a click.";
    site.other.publish(audioPlayout.at({ site: site.siteId }), {
      say_id: SAY_ID,
      played_ms: 0,
      state: "failed",
      detail,
    });

    await expect(playing).rejects.toThrow(detail);
  });

  test("forgets what it has when the sentence is cut, by its name", async () => {
    await using site = await openSite({ remote: "plays" });
    const flushed = recorder<string | undefined>();
    await site.other.subscribe(audioFlush.at({ site: site.siteId }), ({ data }) => flushed.push(data.say_id)).active;
    const cutter = new AbortController();
    const playing = play(site.sink, new Int16Array(samplesOfMs(5_000)), { signal: cutter.signal });
    await site.frames.next();

    cutter.abort(new Error("cut"));

    await expect(playing).rejects.toThrow("cut");
    expect(await flushed.next()).toBe(SAY_ID);
  });

  test("is not believed about sentences that are over", async () => {
    await using site = await openSite({ remote: "is_away" });
    const playing = play(site.sink, new Int16Array(samplesOfMs(200)));
    await site.frames.takeThrough(({ flags }) => flags === 1);
    const topic = audioPlayout.at({ site: site.siteId });

    site.other.publish(topic, { say_id: "f".repeat(32), played_ms: 200, state: "ended" });
    site.other.publish(topic, { say_id: SAY_ID, played_ms: 120, state: "failed", detail: "fence" });

    await expect(playing).rejects.toThrow("fence");
  });
});

interface Order {
  readonly signal?: AbortSignal;
  readonly onStart?: () => void;
}

async function play(sink: AudioSink, pcm: Int16Array, order: Order = {}): Promise<void> {
  const signal = order.signal ?? new AbortController().signal;
  await sink.play(
    { expectedMs: 1, pcm: inOne(pcm) },
    { sayId: SAY_ID, signal, onStart: order.onStart ?? (() => undefined) },
  );
}

async function* inOne(pcm: Int16Array): AsyncGenerator<Int16Array, void, undefined> {
  yield pcm;
}
