import {
  type SttState,
  sttFinal,
  sttState,
  type TtsControlCommand,
  type TtsSay,
  type TurnState,
  ttsControl,
  turnCancel,
  turnListen,
  turnState,
  type WakeMicCommand,
  wakeEvent,
  wakeMic,
} from "@ts-tars/contracts";
import { fence, recorder } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { newId, openStage, STAGE_BOOT, type Stage } from "./stage.fixture.ts";

const ALL = ["tts-worker", "llm-worker", "stt-worker"] as const;
const CAPTURE = "0123456789abcdef";

/** A stage that shows what the microphones may do, what the loudspeaker is told, and the states. */
async function openEars(env: Readonly<Record<string, string>> = {}) {
  const stage = await openStage({ workers: ALL, env: { TARS_FAKE_NOW: "2031-05-06T21:07:00Z", TZ: "UTC", ...env } });
  const grants = recorder<WakeMicCommand>(({ grant, utt_id, from_sample }) => `${grant} ${utt_id} ${from_sample}`);
  const orders = recorder<TtsControlCommand>(({ action }) => action);
  const states = recorder<TurnState>(({ state, site_id, reason }) => `${site_id} ${state} ${reason}`);
  const { client } = stage;
  await Promise.all([
    client.subscribe(wakeMic, ({ data }) => grants.push(data)).active,
    client.subscribe(ttsControl, ({ data }) => orders.push(data)).active,
    client.subscribe(turnState, ({ data }) => states.push(data)).active,
  ]);
  return { stage, grants, orders, states };
}

function hearPhrase(stage: Stage, more: { readonly site_id?: string; readonly over_floor_db?: number } = {}): void {
  const phrase = { capture_id: CAPTURE, phrase_end_sample: 32_000, site_id: more.site_id ?? "default" };
  stage.client.publish(wakeEvent, { type: "wake", cause: "wake_phrase", ...phrase, ...more });
}

/** Lets a microphone be there. */
function listenAt(stage: Stage, site_id: string): void {
  const hearing: SttState["hearing"] = { source: "mqtt", state: "open" };
  const quiet = { grant: "armed", activity: "idle", duplex: "half", privacy: false } as const;
  stage.client.publish(sttState.at({ site: site_id }), { boot: STAGE_BOOT, site_id, hearing, ...quiet });
}

/** Asks by voice for the time, and lets the answer begin to sound. */
async function askTheTime({ stage, grants }: Awaited<ReturnType<typeof openEars>>): Promise<TtsSay> {
  hearPhrase(stage);
  const { utt_id = "" } = await grants.next();
  stage.client.publish(sttFinal, { text: "what time is it", utt_id, level_db: -20 });
  await grants.next();
  const say = await stage.says.next();
  stage.sound(say, "speaking_start", { expected_ms: 60_000, first_audible_ms: 1 });
  return say;
}

test("the wake phrase is listened to from its end, answered, and followed up without another one", async () => {
  const ears = await openEars();
  await using stage = ears.stage;
  const { grants, states } = ears;

  const say = await askTheTime(ears);
  stage.sound(say, "speaking_end", { reason: "done", spoken_ratio: 1 });

  expect(grants.seen[0]).toMatchObject({ grant: "open", capture_id: CAPTURE, from_sample: 32_000, ttl_ms: 8_000 });
  expect(await stage.final(say.utt_id ?? "")).toMatchObject({ intent: "time", text: "It is 9:07 PM." });
  expect(await stage.reports.next()).toMatchObject({ origin: "wake", outcome: "answered" });
  const window = await grants.next();
  expect(window).toMatchObject({ grant: "open", ttl_ms: 5_000 });
  const followup = await states.until(({ state }) => state === "followup");
  expect(followup).toMatchObject({ utt_id: say.utt_id, asks: [], grant: "open", expects: "anything" });
  expect(followup.deadline_ms).toBeGreaterThan(0);
  stage.client.publish(sttFinal, { text: "who are you", utt_id: window.utt_id, level_db: -60 });
  stage.client.publish(sttFinal, { text: "what is the date", utt_id: window.utt_id, level_db: -25 });
  expect(await stage.says.next()).toMatchObject({ utt_id: window.utt_id, text: "It is Tuesday, May 6, 2031." });
});

test("an interrupt is listened to once the loudspeaker is silent; a question into it cancels the answer, and what was heard is kept", async () => {
  const ears = await openEars();
  await using stage = ears.stage;
  const { grants, orders, states } = ears;
  const say = await askTheTime(ears);
  await states.until(({ state }) => state === "speaking");

  stage.client.publish(wakeEvent, { type: "interrupt", cause: "level", capture_id: CAPTURE, onset_sample: 90_000 });
  expect(await orders.next()).toMatchObject({ action: "pause", utt_id: say.utt_id, ttl_ms: 20_000 });
  stage.sound(say, "paused", { spoken_ratio: 0.5 });
  const window = await grants.next();
  expect(window).toMatchObject({ grant: "open", from_sample: 90_000 });
  expect(await states.until(({ state }) => state === "paused")).toMatchObject({ utt_id: say.utt_id });
  const cancels = recorder<{ readonly utt_id?: string | undefined }>();
  await stage.client.subscribe(turnCancel, ({ data }) => cancels.push(data)).active;
  stage.client.publish(sttFinal, { text: "who are you", utt_id: window.utt_id });

  expect(await cancels.next()).toMatchObject({ utt_id: say.utt_id });
  expect(await stage.says.next()).toMatchObject({ utt_id: window.utt_id });
  expect(await stage.records.until(({ utt_id }) => utt_id === say.utt_id)).toMatchObject({ interrupted: true });
});

test("an interrupt that comes to nothing lets the speech go on", async () => {
  const ears = await openEars();
  await using stage = ears.stage;
  const { grants, orders, states } = ears;
  const say = await askTheTime(ears);
  await states.until(({ state }) => state === "speaking");

  stage.sound(say, "paused", { spoken_ratio: 0.5 });
  const window = await grants.next();
  stage.client.publish(sttFinal, { text: "", utt_id: window.utt_id });

  expect(await orders.until(({ action }) => action === "resume")).toMatchObject({ utt_id: say.utt_id });
  expect(await grants.next()).toMatchObject({ grant: "armed" });
});

test("the stop word ends the turn and everything beside it", async () => {
  const ears = await openEars();
  await using stage = ears.stage;
  const say = await askTheTime(ears);
  await ears.states.until(({ state }) => state === "speaking");
  const beside = stage.ask("why is the sky blue", { speak: "no" });
  await stage.requests.next();

  stage.client.publish(wakeEvent, { type: "interrupt", cause: "stop_word" });

  for (const uttId of [say.utt_id ?? "", beside]) {
    expect(await stage.final(uttId)).toMatchObject({ errorCode: "cancelled" });
  }
  expect(await ears.states.until(({ reason }) => reason === "stop")).toMatchObject({ state: "asleep" });
});

test("what the reference's wake-activation decides by itself decides nothing here", async () => {
  const ears = await openEars();
  await using stage = ears.stage;
  hearPhrase(stage);
  await ears.grants.next();

  for (const [type, cause] of [
    ["timeout", "silence"],
    ["resume", "timeout"],
    ["cancelled", "cancel"],
  ] as const) {
    stage.client.publish(wakeEvent, { type, cause });
  }

  const marker = newId();
  await fence(ears.grants, {
    publish: () => stage.client.publish(turnListen, { action: "start", site_id: "hall", utt_id: marker }),
    isMarker: ({ utt_id }) => utt_id === marker,
  });
  expect(stage.reports.seen).toEqual([]);
});

test("of two rooms that are awake the one that heard the phrase better answers, and the other stays silent", async () => {
  const ears = await openEars();
  await using stage = ears.stage;
  for (const site of ["kitchen", "hall"]) listenAt(stage, site);

  hearPhrase(stage, { site_id: "kitchen", over_floor_db: 6 });
  hearPhrase(stage, { site_id: "hall", over_floor_db: 14 });

  expect(await ears.grants.next()).toMatchObject({ grant: "open", site_id: "hall" });
  const marker = newId();
  await fence(ears.grants, {
    publish: () => stage.client.publish(turnListen, { action: "start", site_id: "kitchen", utt_id: marker }),
    isMarker: ({ utt_id }) => utt_id === marker,
  });
});

test("live mode is said on the bus, and listens for minutes", async () => {
  const ears = await openEars();
  await using stage = ears.stage;
  stage.ask("start live mode", { utt_id: newId() });
  const say = await stage.says.next();
  stage.sound(say, "speaking_start", { expected_ms: 500 });
  stage.sound(say, "speaking_end", { reason: "done", spoken_ratio: 1 });

  const window = await ears.grants.next();

  expect(window.ttl_ms).toBeGreaterThan(250_000);
  expect(await ears.states.until(({ state }) => state === "followup")).toMatchObject({ live: true });
});

test("a follow-up of a former life is closed, and its turn is not reported again", async () => {
  const uttId = newId();
  const grants = recorder<WakeMicCommand>();
  const left: TurnState = {
    ...{ boot: "0".repeat(32), site_id: "default", state: "followup", utt_id: uttId, asks: [], grant: "open" },
    ...{ live: false, privacy: false },
  };

  await using stage = await openStage({
    before: async (client) => {
      await client.subscribe(wakeMic, ({ data }) => grants.push(data)).active;
      await client.publishConfirmed(turnState.at({ site: "default" }), left);
    },
  });

  expect(await grants.next()).toMatchObject({ grant: "armed", utt_id: uttId });
  await stage.final(stage.ask("who are you", { speak: "no" }));
  expect(stage.reports.seen.map(({ utt_id }) => utt_id)).not.toContain(uttId);
});
