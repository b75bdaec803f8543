import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeWav, FRAME_SAMPLES, makeTone, parseWav } from "@ts-tars/audio";
import {
  AUDIO_FLAG,
  audioMic,
  audioPlayout,
  audioSpeaker,
  sttFinal,
  sttPartial,
  sttRefused,
  sttState,
  systemHealth,
  turnAnswer,
  turnCancel,
  turnListen,
  turnReport,
} from "@ts-tars/contracts";
import { openBroker, recorder, type TestBroker } from "@ts-tars/harness";
import { type Client, connect } from "@ts-tars/mqtt";
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { UsageError } from "../errors.ts";
import { hear } from "./hear.ts";
import { listen } from "./listen.ts";
import { openTerminal } from "./terminal.fixture.ts";

const ROUTER_HEALTH = systemHealth.at({ service: "router" });
const BOOT = "0123456789abcdef0123456789abcdef";
const SOMEBODY_ELSES = "00112233445566778899aabbccddeeff";
const SOUND_ID = "00112233445566aa";
const OPTIONS = { speak: "auto", timeoutSec: 20, speed: 50 } as const;
const ANSWER = makeTone(440, 300);

let broker: TestBroker;
/** Plays router, stt-worker and tts-worker. */
let robot: Client;

beforeAll(async () => {
  broker = await openBroker();
});
afterAll(() => broker[Symbol.asyncDispose]());
beforeEach(async () => {
  robot = connect({ url: broker.url, source: "router" });
  await robot.ready();
});
afterEach(async () => {
  robot.clear(ROUTER_HEALTH);
  await robot.flush();
  await robot.close();
});

/** A file with a second of sound in it, and a folder for the answer. */
function question(pcm = makeTone(300, 1_000)): { readonly path: string; readonly out: string } {
  const folder = mkdtempSync(join(tmpdir(), "tars-hear-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "question.wav");
  writeFileSync(path, encodeWav([pcm]));
  return { path, out: join(folder, "answer.wav") };
}

/** As every message about the turn names it. */
interface Asked {
  readonly utt_id: string;
  readonly site_id: string;
}

/** A robot that opens its ears when asked, and does the rest when the file has ended. */
async function listening(afterFile: (turn: Asked) => Promise<void> | void): Promise<Int16Array[]> {
  const heard: Int16Array[] = [];
  const sequences: number[] = [];
  const listens = robot.subscribe(turnListen, ({ data: { site_id: site, capture_id, utt_id = "" } }) => {
    const mic = robot.subscribe(audioMic.at({ site }), async ({ data }) => {
      expect([data.stream_id, data.position]).toEqual([capture_id, heard.length * FRAME_SAMPLES]);
      heard.push(new Int16Array(data.bytes.slice().buffer));
      sequences.push(data.sequence);
      const flags = data.flags ?? 0;
      expect(flags & AUDIO_FLAG.file).toBe(AUDIO_FLAG.file);
      if ((flags & AUDIO_FLAG.end) !== 0) await afterFile({ utt_id, site_id: site });
    });
    void mic.active.then(() =>
      robot.publish(sttState.at({ site }), {
        boot: BOOT,
        site_id: site,
        hearing: { source: "mqtt", state: "open" },
        grant: "open",
        activity: "idle",
        privacy: true,
      }),
    );
  });
  await listens.active;
  await robot.publishConfirmed(ROUTER_HEALTH, { ok: true, event: "ready", session: "0".repeat(16) });
  return heard;
}

function report(turn: Asked, outcome: "answered" | "failed" | "cancelled"): void {
  const stages = [{ stage: "first_say", at_ms: 12 }];
  robot.publish(turnReport, { ...turn, origin: "button", outcome, total_ms: 40, stages });
}

test("hear speaks the whole file, and prints what was understood, answered and spoken as one object", async () => {
  const { path, out } = question();
  const heard = await listening(answerAloud);
  const { context, json } = openTerminal({ MQTT_URL: broker.url });

  expect(await hear(context, [path], { ...OPTIONS, out, json: true })).toBe(0);
  expect(json()).toMatchObject({
    ok: true,
    file: path,
    transcript: "what time is it",
    intent: "time",
    slots: { zone: "here" },
    path: "intent",
    answer: "It is noon.",
    stages: { endpoint_ms: 400, transcribe_ms: 20, first_say_at_ms: 12, total_ms: 40 },
    speech: { path: out, duration_ms: 300 },
  });
  expect(heard.flatMap((frame) => [...frame])).toEqual([...makeTone(300, 1_000)]);
  expect([...parseWav(readFileSync(out)).pcm]).toEqual([...ANSWER]);
});

/** Says everything, and reports the turn when the loudspeaker says that it has sounded. */
async function answerAloud(said: Asked): Promise<void> {
  const site = said.site_id;
  const playout = robot.subscribe(audioPlayout.at({ site }), ({ data }) => {
    if (data.state === "ended") report(said, "answered");
  });
  await playout.active;
  robot.publish(sttPartial, { ...said, text: "what time" });
  robot.publish(sttFinal, {
    ...said,
    text: "what time is it",
    reason: "complete",
    endpoint_ms: 400,
    transcribe_ms: 20,
  });
  const understood = { intent: "time", slots: { zone: "here" } };
  robot.publish(turnAnswer, { ...said, seq: 0, text: "It is noon.", path: "intent", final: true, ...understood });
  for (let position = 0; position < ANSWER.length; position += FRAME_SAMPLES) {
    const pcm = ANSWER.subarray(position, position + FRAME_SAMPLES);
    const bytes = new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength);
    const flags = position + FRAME_SAMPLES >= ANSWER.length ? AUDIO_FLAG.end : 0;
    robot.publish(audioSpeaker.at({ site }), { sequence: 0, stream_id: SOUND_ID, position, flags, bytes });
  }
}

test("hear fails with the recogniser's own words when it was refused", async () => {
  const { path } = question();
  await listening((turn) => {
    robot.publish(sttRefused, { ...turn, reason: "engine_missing", detail: "Nothing is installed." });
    const answer = { ...turn, seq: 0, text: "I cannot hear.", path: "error", final: true } as const;
    robot.publish(turnAnswer, answer, { error: { code: "engine_missing", message: "Nothing is installed." } });
    report(turn, "failed");
  });
  const { context, lines } = openTerminal({ MQTT_URL: broker.url });

  expect(await hear(context, [path], OPTIONS)).toBe(1);
  expect(lines.seen.slice(0, 3)).toEqual([
    "you:  (not understood)",
    "tars: I cannot hear.",
    "      Nothing is installed.",
  ]);
});

test("hear ends with the answer when the robot is done before the file is", async () => {
  const { path } = question(makeTone(300, 30_000));
  await listening(() => undefined);
  const state = robot.subscribe(turnListen, ({ data: { site_id, utt_id = "" } }) => {
    const turn = { utt_id, site_id };
    robot.publish(turnAnswer, { ...turn, seq: 0, text: "No.", path: "error", final: true });
    report(turn, "failed");
  });
  await state.active;
  const { context, json } = openTerminal({ MQTT_URL: broker.url });

  expect(await hear(context, [path], { ...OPTIONS, speed: 1, json: true })).toBe(1);
  expect(json()).toMatchObject({ ok: false, answer: "No.", speech: null });
});

test("hear takes no notice of another turn that ends at its site meanwhile", async () => {
  const { path, out } = question();
  await listening(async (turn) => {
    const other = { utt_id: SOMEBODY_ELSES, site_id: turn.site_id };
    robot.publish(sttRefused, { ...other, reason: "noise" });
    robot.publish(turnAnswer, { ...other, seq: 0, text: "Never mind.", path: "cancelled", final: true });
    report(other, "cancelled");
    await answerAloud(turn);
  });
  const { context, json } = openTerminal({ MQTT_URL: broker.url });

  expect(await hear(context, [path], { ...OPTIONS, out, json: true })).toBe(0);
  expect(json()).toMatchObject({ ok: true, answer: "It is noon.", stages: { total_ms: 40 } });
});

test("hear that is interrupted takes its question back", async () => {
  const { path } = question(makeTone(300, 30_000));
  await listening(() => undefined);
  const cancels = recorder<unknown>();
  const listens = recorder<string>();
  const heard = [
    robot.subscribe(turnCancel, ({ data }) => cancels.push(data)),
    robot.subscribe(turnListen, ({ data }) => listens.push(data.utt_id ?? "")),
  ];
  await Promise.all(heard.map(({ active }) => active));
  const { context, stop } = openTerminal({ MQTT_URL: broker.url });

  const hearing = hear(context, [path], { ...OPTIONS, speed: 1 });
  const uttId = await listens.next();
  stop.abort(new Error("Ctrl-C"));

  await expect(hearing).rejects.toThrow("Ctrl-C");
  expect(await cancels.next()).toMatchObject({ utt_id: uttId });
});

test("listen at a site whose name cannot be is told so at once", async () => {
  await listening(() => undefined);
  const { context } = openTerminal({ MQTT_URL: broker.url });

  await expect(listen(context, { site: "no/room", speak: "auto", timeoutSec: 20 })).rejects.toThrow("site_id");
});

test("hear names a file that cannot be read, or is no sound, before it asks anybody", async () => {
  const { context } = openTerminal({ MQTT_URL: "mqtt://127.0.0.1:1" });
  const { path } = question();
  writeFileSync(path, randomBytes(64));

  await expect(hear(context, ["/nowhere/at/all.wav"], OPTIONS)).rejects.toThrow(UsageError);
  await expect(hear(context, ["/dev/zero"], OPTIONS)).rejects.toThrow("/dev/zero is no file.");
  await expect(hear(context, [path, path], { ...OPTIONS, out: "a.wav" })).rejects.toThrow(
    /one file for the answers to 2/u,
  );
  await expect(hear(context, [path], OPTIONS)).rejects.toMatchObject({ code: "AUDIO_WAV" });
});
