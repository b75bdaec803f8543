import { AUDIO_FLAG, audioMic, type SoundFrame, type SttState, sttState } from "@ts-tars/contracts";
import { manualClock, openBroker, type Recorder, recorder, until, within } from "@ts-tars/harness";
import { type Client, connect } from "@ts-tars/mqtt";
import { describe, expect, test } from "vitest";
import { samplesOf } from "../pcm/sample-bytes.ts";
import { earsOpen, sendSound } from "./remote-microphone.ts";

const SITE = "hall";
const CAPTURE = "a".repeat(16);
const [FILE, END] = [AUDIO_FLAG.file, AUDIO_FLAG.end];

interface Stage extends AsyncDisposable {
  readonly client: Client;
  readonly frames: Recorder<SoundFrame>;
}

async function openStage(): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const broker = stack.use(await openBroker());
  const client = stack.use(connect({ url: broker.url, source: "browser" }));
  const listener = stack.use(connect({ url: broker.url, source: "stt-worker" }));
  const frames = recorder<SoundFrame>(({ position, flags }) => `${position} ${flags}`);
  await listener.subscribe(audioMic.at({ site: SITE }), ({ data }) => frames.push(data)).active;
  await client.ready();
  const owned = stack.move();
  return { client, frames, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const soundOf = (sampleCount: number) => ({
  siteId: SITE,
  captureId: CAPTURE,
  pcm: Int16Array.from({ length: sampleCount }, (_, at) => at),
  speed: 1,
  isFile: true,
});

describe("sound that is sent as a microphone's", () => {
  test("comes whole and in its own time, its last frame marked as such", async () => {
    await using stage = await openStage();
    const clock = manualClock();
    const sending = sendSound(stage.client, soundOf(700), { clock, signal: new AbortController().signal });

    expect((await stage.frames.take(1)).map(({ position }) => position)).toEqual([0]);
    await clock.advance(20);
    await stage.frames.take(1);
    expect(clock.pendingCount).toBe(1);
    await clock.advance(20);
    await sending;

    await stage.frames.untilAll((seen) => seen.length === 3);
    const { seen } = stage.frames;
    expect(seen.map(({ position, flags, stream_id }) => [position, flags, stream_id])).toEqual([
      [0, FILE, CAPTURE],
      [320, FILE, CAPTURE],
      [640, FILE | END, CAPTURE],
    ]);
    expect(seen.flatMap(({ bytes }) => [...samplesOf(bytes)])).toEqual([...soundOf(700).pcm]);
  });

  test("is marked as over also when there is none", async () => {
    await using stage = await openStage();
    const pace = { clock: manualClock(), signal: new AbortController().signal };

    await sendSound(stage.client, { ...soundOf(0), isFile: false }, pace);

    expect(await stage.frames.next()).toMatchObject({ position: 0, flags: END });
  });

  test("ends at once when nobody wants to send it any more", async () => {
    await using stage = await openStage();
    const clock = manualClock();
    const owner = new AbortController();
    const sending = sendSound(stage.client, { ...soundOf(16_000), speed: 0.001 }, { clock, signal: owner.signal });
    await until(() => clock.pendingCount === 1);

    owner.abort();
    await within(5_000, sending);

    expect([stage.frames.seen.length <= 1, clock.pendingCount]).toEqual([true, 0]);
  });
});

describe("open ears", () => {
  const state = (site: string, grant: SttState["grant"]): SttState => ({
    boot: "b".repeat(32),
    site_id: site,
    hearing: { source: "mqtt", state: "open" },
    grant,
    activity: "idle",
    duplex: "half",
    privacy: false,
    engine: "none",
  });

  test("are those of the site, once they are open", async () => {
    await using stage = await openStage();
    let isOpen = false;
    const waiting = earsOpen(stage.client, SITE, new AbortController().signal).then(() => {
      isOpen = true;
    });

    for (const [site, grant] of [["kitchen", "open"] as const, [SITE, "armed"] as const]) {
      await stage.client.publishConfirmed(sttState.at({ site }), state(site, grant));
    }
    expect(isOpen).toBe(false);
    await stage.client.publishConfirmed(sttState.at({ site: SITE }), state(SITE, "open"));

    await within(10_000, waiting);
  });

  test("are not waited for by whoever has left", async () => {
    await using stage = await openStage();
    const owner = new AbortController();
    const waiting = earsOpen(stage.client, SITE, owner.signal);

    owner.abort();

    await within(10_000, waiting);
  });
});
