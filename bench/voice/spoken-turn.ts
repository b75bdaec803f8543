import { randomBytes } from "node:crypto";
import { earsOpen, openRemoteSpeaker, RATE_HZ, sendSound } from "@ts-tars/audio";
import {
  audioSpeaker,
  sttFinal,
  sttRefused,
  sttState,
  ttsSay,
  ttsStatus,
  turnListen,
  turnReport,
  wakeMic,
} from "@ts-tars/contracts";
import { type Recorder, recorder } from "@ts-tars/harness";
import type { Client, Received } from "@ts-tars/mqtt";
import { SYSTEM_CLOCK } from "@ts-tars/service";
import { speechSpan } from "../../tools/speech/sound.ts";

/** One utterance that is spoken in real time. */
export interface Utterance {
  readonly text: string;
  /** With enough silence behind the speech for its end to be found. */
  readonly pcm: Int16Array;
}

/** What one spoken turn took, in ms; undefined: that part did not happen. */
export interface TurnTimes {
  readonly utterance: Utterance;
  readonly transcript: string | undefined;
  readonly endOfSpeech: string | undefined;
  /** From the true end of the speech to the decision that it is over; negative when it was cut. */
  readonly endpointingMs: number | undefined;
  readonly transcribeMs: number | undefined;
  /** From that decision to the first sample that a loudspeaker could play. */
  readonly soundMs: number | undefined;
  /** Everything between the services but recognition and synthesis; undefined: one of them did not happen. */
  readonly hops: Hops | undefined;
}

/** From each message's sending to the sending of what it caused: the broker between, the validation and the routing, in ms. */
export interface Hops {
  readonly listenToGrantMs: number;
  readonly grantToOpenMs: number;
  readonly finalToSayMs: number;
  readonly sayToQueuedMs: number;
}

/** A message of the turn: when it was sent by its sender's clock and arrived by ours, both Unix ms (one machine, one clock). */
interface Seen {
  readonly topic: string;
  readonly sentAtMs: number;
  readonly arrivedAtMs: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The model is asked, loads and answers within this, or the turn is over. */
const TURN_DEADLINE_MS = 60_000;

const nowMs = (): number => performance.timeOrigin + performance.now();

/** Speaks one utterance to a robot as a site of its own, and times what follows. */
export async function speakTurn(client: Client, utterance: Utterance): Promise<TurnTimes> {
  const siteId = `bench-${randomBytes(6).toString("hex")}`;
  const seen = recorder<Seen>(({ topic }) => topic);
  await using stack = new AsyncDisposableStack();
  const speaker = stack.use(openRemoteSpeaker({ client, siteId, clock: SYSTEM_CLOCK }));
  for (const { active, stop } of overhear(client, siteId, seen)) {
    await active;
    stack.defer(stop);
  }
  await speaker.active;
  const over = new AbortController();
  stack.defer(() => over.abort());
  const captureId = randomBytes(8).toString("hex");
  client.publish(turnListen, { site_id: siteId, action: "start", capture_id: captureId, from_sample: 0 });
  await earsOpen(client, siteId, AbortSignal.timeout(TURN_DEADLINE_MS));
  const startedAtMs = nowMs();
  const sent = { siteId, captureId, pcm: utterance.pcm, speed: 1, isFile: true };
  const sending = sendSound(client, sent, { clock: SYSTEM_CLOCK, signal: over.signal });
  await seen.until(({ topic }) => topic === turnReport.name, { deadlineMs: TURN_DEADLINE_MS });
  over.abort();
  await sending;
  return timesOf(utterance, seen.seen, startedAtMs);
}

interface Overhearing {
  readonly active: Promise<void>;
  readonly stop: () => Promise<void>;
}

function overhear(client: Client, siteId: string, seen: Recorder<Seen>): readonly Overhearing[] {
  const take = ({ topic, data, sentAtMs }: Pick<Received<object>, "topic" | "data" | "sentAtMs">): void => {
    const arrivedAtMs = nowMs();
    const isElsewhere = "site_id" in data && data.site_id !== siteId;
    if (!isElsewhere) seen.push({ topic, data: { ...data }, sentAtMs: sentAtMs ?? arrivedAtMs, arrivedAtMs });
  };
  const site = siteId;
  return [
    client.subscribe(turnListen, take),
    client.subscribe(wakeMic, take),
    client.subscribe(sttState.at({ site }), take),
    client.subscribe(sttFinal, take),
    client.subscribe(sttRefused, take),
    client.subscribe(ttsSay, take),
    client.subscribe(ttsStatus, take),
    client.subscribe(audioSpeaker.at({ site }), take),
    client.subscribe(turnReport, take),
  ].map((subscription) => ({ active: subscription.active, stop: () => subscription.stop() }));
}

function timesOf(utterance: Utterance, seen: readonly Seen[], startedAtMs: number): TurnTimes {
  const first = (isIt: (one: Seen) => boolean): Seen | undefined => seen.find(isIt);
  const final = first(({ topic }) => topic === sttFinal.name);
  const number = (name: string): number | undefined => {
    const value = final?.data[name];
    return typeof value === "number" ? value : undefined;
  };
  const transcribeMs = number("transcribe_ms");
  const decidedAtMs = final && transcribeMs !== undefined ? final.sentAtMs - transcribeMs : undefined;
  const spokenAtMs = startedAtMs + (speechSpan(utterance.pcm).to / RATE_HZ) * 1_000;
  const sound = first(({ topic }) => topic.endsWith("/speaker"));
  const text = final?.data["text"];
  const reason = final?.data["reason"];
  return {
    utterance,
    transcript: typeof text === "string" ? text : undefined,
    endOfSpeech: typeof reason === "string" ? reason : undefined,
    endpointingMs: decidedAtMs === undefined ? undefined : decidedAtMs - spokenAtMs,
    transcribeMs,
    soundMs: decidedAtMs === undefined || sound === undefined ? undefined : sound.arrivedAtMs - decidedAtMs,
    hops: hopsOf(first, final),
  };
}

function hopsOf(first: (isIt: (one: Seen) => boolean) => Seen | undefined, final: Seen | undefined): Hops | undefined {
  const listen = first(({ topic }) => topic === turnListen.name);
  const grant = first(({ topic, data }) => topic === wakeMic.name && data["grant"] === "open");
  const open = first(({ topic, data }) => topic.startsWith("stt/state/") && data["grant"] === "open");
  const say = first(({ topic }) => topic === ttsSay.name);
  const queued = first(({ topic, data }) => topic === ttsStatus.name && data["event"] === "queued");
  if (!listen || !grant || !open || !final || !say || !queued) return undefined;
  const between = (from: Seen, to: Seen): number => to.sentAtMs - from.sentAtMs;
  return {
    listenToGrantMs: between(listen, grant),
    grantToOpenMs: between(grant, open),
    finalToSayMs: between(final, say),
    sayToQueuedMs: between(say, queued),
  };
}
