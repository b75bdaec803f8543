import {
  type SttState,
  sttFinal,
  sttRefused,
  sttState,
  type TurnState,
  turnListen,
  turnState,
  type WakeMicCommand,
  wakeMic,
} from "@ts-tars/contracts";
import { recorder } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { newId, openStage, STAGE_BOOT, type Stage } from "./stage.fixture.ts";

const ALL = ["tts-worker", "llm-worker", "stt-worker"] as const;

async function hearGrants(stage: Stage) {
  const grants = recorder<WakeMicCommand>(({ grant, utt_id, finish }) => `${grant} ${utt_id} ${finish}`);
  await stage.client.subscribe(wakeMic, ({ data }) => grants.push(data)).active;
  return grants;
}

/** Lets a microphone say what it notices. */
function notice(stage: Stage, activity: SttState["activity"], more: Partial<SttState> = {}): void {
  const site_id = more.site_id ?? "default";
  stage.client.publish(sttState.at({ site: site_id }), {
    ...{
      boot: STAGE_BOOT,
      site_id,
      hearing: { source: "none", state: "open" },
      grant: "open",
      activity,
      privacy: false,
    },
    ...more,
  });
}

test("the button's turn listens, is transcribed and answered aloud, and its final answer names the intent", async () => {
  await using stage = await openStage({ workers: ALL, env: { TARS_FAKE_NOW: "2031-05-06T21:07:00Z", TZ: "UTC" } });
  const grants = await hearGrants(stage);

  stage.client.publish(turnListen, { action: "start", capture_id: "0123456789abcdef", from_sample: 320 });
  const { utt_id = "", ...open } = await grants.next();
  expect(open).toMatchObject({ grant: "open", ttl_ms: 8_000, capture_id: "0123456789abcdef", from_sample: 320 });
  stage.client.publish(sttFinal, { text: "what time is it", utt_id, endpoint_ms: 700, transcribe_ms: 80 });

  expect(await grants.next()).toMatchObject({ grant: "armed", utt_id });
  const say = await stage.says.next();
  expect(say).toMatchObject({ utt_id, kind: "answer", text: "It is 9:07 PM." });
  stage.sound(say, "speaking_start", { expected_ms: 500, first_audible_ms: 1 });
  stage.sound(say, "speaking_end", { reason: "done", spoken_ratio: 1 });
  expect(await stage.final(utt_id)).toMatchObject({
    path: "intent",
    intent: "time",
    slots: {},
    text: "It is 9:07 PM.",
  });
  const report = await stage.reports.next();
  expect(report).toMatchObject({ utt_id, origin: "button", outcome: "answered" });
  expect(report.stages.map(({ stage: name }) => name)).toEqual(
    expect.arrayContaining(["endpointed", "transcribed", "understood", "first_say", "first_audible", "speech_end"]),
  );
});

test("the button's turn has the id that its sender gave it", async () => {
  await using stage = await openStage({ workers: ALL });
  const grants = await hearGrants(stage);
  const uttId = newId();

  stage.client.publish(turnListen, { action: "start", utt_id: uttId });

  expect(await grants.next()).toMatchObject({ grant: "open", utt_id: uttId });
});

test("turn/state shows who listens, what is granted, and whether the microphone is off", async () => {
  await using stage = await openStage({ workers: ALL });
  const states = recorder<TurnState>(({ state, grant }) => `${state} ${grant}`);
  await stage.client.subscribe(turnState, ({ data }) => states.push(data)).active;

  notice(stage, "idle", { privacy: true });
  await states.until(({ privacy }) => privacy);
  stage.client.publish(turnListen, { action: "start" });

  const listening = await states.until(({ state }) => state === "listening");
  expect(listening).toMatchObject({ grant: "open", asks: [listening.utt_id], privacy: true, reason: "button" });
  expect(listening.deadline_ms).toBeGreaterThan(0);
  stage.client.publish(turnListen, { action: "stop", to_sample: 9 });
  expect(await states.until(({ state, grant }) => state === "listening" && grant === "armed")).toBeDefined();
});

test("a refusal is shown and spoken with its cause", async () => {
  await using stage = await openStage({ workers: ALL });
  const grants = await hearGrants(stage);
  stage.client.publish(turnListen, { action: "start", site_id: "kitchen" });
  const { utt_id = "" } = await grants.next();

  stage.client.publish(sttRefused, { utt_id, site_id: "kitchen", reason: "privacy", detail: "Privacy is on." });

  const say = await stage.says.next();
  expect(say).toMatchObject({ utt_id, kind: "error", site_id: "kitchen", last: true });
  stage.sound(say, "speaking_end", { reason: "done", spoken_ratio: 1 });
  expect(await stage.final(utt_id)).toMatchObject({ path: "error", errorCode: "privacy", reason: "Privacy is on." });
});

test("without an stt-worker the turn ends in words", async () => {
  await using stage = await openStage({ workers: ["tts-worker", "llm-worker"] });
  const grants = await hearGrants(stage);

  stage.client.publish(turnListen, { action: "start", speak: "no" });
  const { utt_id = "" } = await grants.next();

  expect(await stage.final(utt_id)).toMatchObject({
    ...{ path: "error", errorCode: "stt_unavailable" },
    text: "I cannot hear right now, because my speech recogniser is not running.",
  });
  expect(await grants.next()).toMatchObject({ grant: "armed", utt_id });
});

test("what a dead stt-worker left at the broker holds no deadline", async () => {
  await using stage = await openStage({ workers: ALL });
  const states = recorder<TurnState>(({ state, deadline_ms }) => `${state} ${deadline_ms}`);
  await stage.client.subscribe(turnState, ({ data }) => states.push(data)).active;
  notice(stage, "speech", { boot: "0".repeat(32), privacy: true });

  stage.client.publish(turnListen, { action: "start" });

  const listening = await states.until(({ state }) => state === "listening");
  expect(listening.privacy).toBe(false);
  expect(listening.deadline_ms).toBeLessThanOrEqual(8_000);
});

test("a turn that listened in a former life is closed, answered and reported", async () => {
  const uttId = newId();
  const left: TurnState = {
    ...{ boot: "0".repeat(32), site_id: "default", state: "listening", utt_id: uttId, asks: [uttId], grant: "open" },
    ...{ live: false, privacy: false },
  };
  const grants = recorder<WakeMicCommand>();

  await using stage = await openStage({
    before: async (client) => {
      await client.subscribe(wakeMic, ({ data }) => grants.push(data)).active;
      await client.publishConfirmed(turnState.at({ site: "default" }), left);
    },
  });

  expect(await stage.final(uttId)).toMatchObject({
    errorCode: "router_restart",
    text: "I was restarted. Please ask again.",
  });
  expect(await grants.next()).toMatchObject({ grant: "armed", utt_id: uttId });
  await stage.reports.until(({ utt_id, outcome }) => utt_id === uttId && outcome === "router_restart");
});

test("an orderly end closes the grant and answers the turn", async () => {
  await using stage = await openStage({ workers: ALL });
  const grants = await hearGrants(stage);
  stage.client.publish(turnListen, { action: "start" });
  const { utt_id = "" } = await grants.next();

  await stage.world.stop("router");

  expect(await grants.next()).toMatchObject({ grant: "armed", utt_id });
  expect(await stage.final(utt_id)).toMatchObject({ path: "cancelled" });
});
