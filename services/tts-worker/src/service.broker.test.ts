import {
  configSet,
  type HealthPing,
  systemHealth,
  type TtsStatus,
  ttsControl,
  ttsSay,
  turnCancel,
  turnCancelled,
} from "@ts-tars/contracts";
import { plantedWords, rawClient, recorder } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { id, openServiceStage, type ServiceStage } from "./service-stage.fixture.ts";

/** A tts-worker that pretends to speak so many characters in a second. */
const openStage = (charsPerSec = 200): Promise<ServiceStage> =>
  openServiceStage({ TTS_ENGINE: "silent", TTS_SINK: "null", TTS_SILENT_CHARS_PER_SEC: String(charsPerSec) });

const short = ({ event, seq, reason }: TtsStatus): string =>
  [event, seq, reason].filter((part) => part !== undefined).join(" ");

test("sentences are spoken in order, each reported from queued to its one end", async () => {
  await using stage = await openStage();
  const uttId = id();

  stage.client.publish(ttsSay, { utt_id: uttId, say_id: id(), seq: 0, kind: "answer", text: "It is late." });
  stage.client.publish(ttsSay, { utt_id: uttId, say_id: id(), seq: 1, kind: "answer", text: "Go to bed.", last: true });
  const statuses = await stage.statuses.takeThrough(({ event, last }) => event === "speaking_end" && last === true);

  expect(statuses.map(short).filter((line) => !line.startsWith("queued"))).toEqual([
    "speaking_start 0",
    "speaking_end 0 done",
    "speaking_start 1",
    "speaking_end 1 done",
  ]);
  expect(statuses.every(({ utt_id }) => utt_id === uttId)).toBe(true);
  expect(statuses.at(-1)).toMatchObject({ spoken_ratio: 1, spoken_chars: 10, kind: "answer", last: true });
});

test("a sentence without ids, bare as old peers send it, is spoken as an announcement", async () => {
  await using stage = await openStage();

  await using old = await rawClient({ url: stage.url });
  await old.publish("tts/say", { text: "System online." });
  const [queued] = await stage.statuses.takeThrough(({ event }) => event === "speaking_end");

  expect(queued).toMatchObject({
    event: "queued",
    kind: "announce",
    system_announce: true,
    last: true,
    text: "System online.",
  });
  expect(queued?.say_id).toMatch(/^[0-9a-f]{32}$/);
});

test("a cancel silences its turn, is acknowledged, and drops what comes of the turn later", async () => {
  await using stage = await openStage(1);
  const [uttId, acks] = [id(), recorder<{ readonly service: string; readonly active: boolean }>()];
  await stage.client.subscribe(turnCancelled, ({ data }) => acks.push(data)).active;
  stage.client.publish(ttsSay, {
    utt_id: uttId,
    say_id: id(),
    seq: 0,
    text: plantedWords("A very long sentence about the"),
  });
  await stage.statuses.until(({ event }) => event === "speaking_start");

  stage.client.publish(turnCancel, { utt_id: uttId, reason: "test" });
  expect(await acks.next()).toMatchObject({ service: "tts-worker", active: true });
  stage.client.publish(ttsSay, { utt_id: uttId, say_id: id(), seq: 1, text: "Too late." });

  const end = await stage.statuses.until(({ event, seq }) => event === "failed" && seq === 1);
  expect(end.reason).toBe("dropped");
  const cut = await stage.statuses.until(({ event, seq }) => event === "speaking_end" && seq === 0);
  expect(cut.reason).toBe("cut");
  expect(cut.spoken_ratio).toBeLessThan(1);
});

test("a pause holds the sentence, and its own deadline ends it", async () => {
  await using stage = await openStage(1);
  const uttId = id();
  stage.client.publish(ttsSay, {
    utt_id: uttId,
    say_id: id(),
    seq: 0,
    text: plantedWords("A very long sentence about the"),
  });
  await stage.statuses.until(({ event }) => event === "speaking_start");

  stage.client.publish(ttsControl, { action: "pause", utt_id: uttId, ttl_ms: 50 });

  const statuses = await stage.statuses.takeThrough(({ event }) => event === "speaking_end");
  expect(statuses.map(short)).toEqual(["queued 0", "speaking_start 0", "paused 0", "stopped 0", "speaking_end 0 cut"]);
});

test("mute and volume are told in the health", async () => {
  await using stage = await openStage();
  const details = recorder<HealthPing["detail"]>();
  await stage.client.subscribe(systemHealth.at({ service: "tts-worker" }), ({ data }) => details.push(data.detail))
    .active;

  stage.client.publish(ttsControl, { action: "mute" });
  stage.client.publish(ttsControl, { action: "volume", volume: 0.5 });

  const detail = await details.until((seen) => seen?.["volume"] === 0.5);
  expect(detail).toMatchObject({ engine: "silent", audible: false, muted_sites: "default" });
});

test("when another router takes over, the sentence is finished and the queue is emptied", async () => {
  await using stage = await openStage(10);
  const router = systemHealth.at({ service: "router" });
  const sign = (boot: string) => ({ ok: true, event: "ready", boot, session: boot.slice(0, 16) });
  stage.client.publish(router, sign("a".repeat(32)));
  stage.client.publish(ttsSay, { utt_id: id(), say_id: id(), seq: 0, text: "First." });
  stage.client.publish(ttsSay, { utt_id: id(), say_id: id(), seq: 1, text: "Second." });
  await stage.statuses.until(({ event, seq }) => event === "queued" && seq === 1);

  stage.client.publish(router, sign("b".repeat(32)));

  const dropped = await stage.statuses.until(({ event, seq }) => event === "failed" && seq === 1);
  expect(dropped).toMatchObject({ reason: "dropped", detail: "The router is gone." });
  expect(await stage.statuses.until(({ event, seq }) => event === "speaking_end" && seq === 0)).toMatchObject({
    reason: "done",
  });
});

test("the volume of the settings takes effect while it runs, and tts/control still has the last word", async () => {
  await using stage = await openServiceStage((folder) => ({
    ...{ TTS_ENGINE: "silent", TTS_SINK: "null", XDG_CONFIG_HOME: folder },
  }));
  const set = configSet.at({ service: "tts-worker" });

  expect(await stage.client.request(set, { values: { volume: 0.5, site_count: 3 } })).toMatchObject({
    ...{ result: "saved", applied: ["volume"], restart: ["site_count"] },
  });

  await stage.healths.until(({ detail }) => detail?.["volume"] === 0.5);
  stage.client.publish(ttsControl, { action: "volume", volume: 0.7 });
  await stage.healths.until(({ detail }) => detail?.["volume"] === 0.7);
});
