/** A room of the robot that is a program: it speaks one sentence at a time, and keeps what comes of it. */
import { randomBytes } from "node:crypto";
import { earsOpen, openRemoteSpeaker, type RemoteSpeaker, sendSound } from "@ts-tars/audio";
import {
  type FinalTranscript,
  type RefusedTranscript,
  sttFinal,
  sttRefused,
  type TurnAnswer,
  turnAnswer,
  turnListen,
  turnReport,
} from "@ts-tars/contracts";
import { type Recorder, recorder } from "@ts-tars/harness";
import type { Client } from "@ts-tars/mqtt";
import { SYSTEM_CLOCK } from "@ts-tars/service";

/** What became of one sentence. */
export interface Hearing {
  readonly final: FinalTranscript | undefined;
  readonly refusal: RefusedTranscript | undefined;
  /** The final one. */
  readonly answer: TurnAnswer;
  /** What was spoken, sentence by sentence. */
  readonly spoken: readonly Int16Array[];
}

export interface HearOptions {
  /** Int16Array, mono, 16 000 Hz. */
  readonly pcm: Int16Array;
  readonly speak: "yes" | "no";
}

export interface Site extends AsyncDisposable {
  readonly hear: (options: HearOptions) => Promise<Hearing>;
}

type Seen =
  | { readonly type: "final"; readonly data: FinalTranscript }
  | { readonly type: "refused"; readonly data: RefusedTranscript }
  | { readonly type: "answered"; readonly data: TurnAnswer }
  | { readonly type: "reported" };

/** As fast as three recognisers on two busy cores follow. */
const SPEED = 3;
const OPENING_LIMIT_MS = 15_000;
/** The robot's own deadlines end every turn; this one says that they did not. */
const TURN_LIMIT_MS = 120_000;

/** Resolves when it hears what comes. */
export async function openSite(client: Client, siteId: string): Promise<Site> {
  await using stack = new AsyncDisposableStack();
  const speaker = stack.use(openRemoteSpeaker({ client, siteId, clock: SYSTEM_CLOCK }));
  let seen = recorder<Seen>(({ type }) => type);
  const isHere = ({ site_id: site }: { readonly site_id: string }): boolean => site === siteId;
  const subscriptions = [
    client.subscribe(sttFinal, ({ data }) => void (isHere(data) && seen.push({ type: "final", data }))),
    client.subscribe(sttRefused, ({ data }) => void (isHere(data) && seen.push({ type: "refused", data }))),
    client.subscribe(turnAnswer, ({ data }) => {
      if (isHere(data) && data.final) seen.push({ type: "answered", data });
    }),
    client.subscribe(turnReport, ({ data }) => void (isHere(data) && seen.push({ type: "reported" }))),
  ];
  for (const subscription of subscriptions) stack.defer(() => subscription.stop());
  await Promise.all([speaker.active, ...subscriptions.map(({ active }) => active)]);
  const owned = stack.move();
  return {
    hear: async (options) => {
      const spokenBefore = speaker.spoken.length;
      seen = recorder<Seen>(({ type }) => type);
      await say(client, { siteId, seen, ...options });
      return hearingOf(seen.seen, speaker, spokenBefore);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface Saying extends HearOptions {
  readonly siteId: string;
  readonly seen: Recorder<Seen>;
}

/** Presses the button, speaks, and waits for the turn's end. */
async function say(client: Client, { siteId, seen, pcm, speak }: Saying): Promise<void> {
  const captureId = randomBytes(8).toString("hex");
  const over = new AbortController();
  const start = { site_id: siteId, action: "start", capture_id: captureId, from_sample: 0, speak } as const;
  client.publish(turnListen, start);
  await earsOpen(client, siteId, AbortSignal.timeout(OPENING_LIMIT_MS));
  const sound = { siteId, captureId, pcm, speed: SPEED, isFile: true };
  const sending = sendSound(client, sound, { clock: SYSTEM_CLOCK, signal: over.signal });
  try {
    await seen.until(({ type }) => type === "answered", { deadlineMs: TURN_LIMIT_MS });
    await seen.until(({ type }) => type === "reported", { deadlineMs: TURN_LIMIT_MS });
  } finally {
    over.abort();
    await sending;
  }
}

function hearingOf(seen: readonly Seen[], speaker: RemoteSpeaker, spokenBefore: number): Hearing {
  const answered = seen.find((one) => one.type === "answered");
  if (answered === undefined) throw new Error("A turn was reported without an answer.");
  return {
    final: seen.find((one) => one.type === "final")?.data,
    refusal: seen.find((one) => one.type === "refused")?.data,
    answer: answered.data,
    spoken: speaker.spoken.slice(spokenBefore).map(({ pcm }) => pcm),
  };
}
