/** What the bus says while a robot is in trouble: the course of turns, complaints in words, and what is retained. */
import { type Recorder, recorder } from "@ts-tars/harness";
import { type Client, connect } from "@ts-tars/mqtt";
import { rawTopic } from "@ts-tars/mqtt/contract";
import type { RunFile } from "./robot.ts";

interface Said {
  readonly topic: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface BusWitness extends AsyncDisposable {
  readonly client: Client;
  readonly said: Recorder<Said>;
  /** Everything that was said to be wrong since the witness came, in words, each once. */
  readonly complaints: () => readonly string[];
  /** Sites that are not at rest, by the last word of the router and of stt-worker. */
  readonly restless: () => readonly string[];
}

/** Begins to listen; outlives the broker. */
export async function openBusWitness({ url, username, password }: RunFile): Promise<BusWitness> {
  const credentials =
    username === undefined ? {} : { credentials: { username, ...(password !== undefined && { password }) } };
  const client = connect({ url, source: "bus-witness", cleanStart: true, control: false, ...credentials });
  const said = recorder<Said>(({ topic }) => topic);
  const states = new Map<string, Said["data"]>();
  const complaints = new Set<string>();
  const subscription = client.subscribe(rawTopic("#"), ({ topic, payload, retained }) => {
    if (topic.startsWith("audio/")) return;
    const message = { topic, data: dataOf(payload) };
    if (/^(turn|stt)\/state\//u.test(topic)) states.set(topic, message.data);
    if (retained) return;
    said.push(message);
    const complaint = complaintIn(message);
    if (complaint !== undefined) complaints.add(complaint);
  });
  await subscription.active;
  return {
    client,
    said,
    complaints: () => [...complaints],
    restless: () => [...states].filter(([topic, state]) => !isAtRest(topic, state)).map(([topic]) => topic),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** The body of an envelope, or a bare one; empty when it is no JSON. */
function dataOf(payload: Uint8Array): Said["data"] {
  try {
    const body = JSON.parse(Buffer.from(payload).toString()); // any JSON
    return body?.data ?? body ?? {};
  } catch {
    return {};
  }
}

function isAtRest(topic: string, { state, grant, activity }: Said["data"]): boolean {
  // A site that was freed has no state any more. A grant is closed, and not armed, while microphones are forbidden.
  if (grant === undefined) return true;
  if (grant === "open") return false;
  return topic.startsWith("turn/") ? state === "asleep" : activity === "idle";
}

function complaintIn({ topic, data }: Said): string | undefined {
  const words = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
  if (topic.startsWith("system/health/")) {
    const { ok, err, event, degraded } = data;
    // A machine without a model says so all the time.
    const trouble =
      ok === false ? (words(err) ?? words(event)) : Array.isArray(degraded) ? degraded.join(" ") : undefined;
    const isTrouble = trouble !== undefined && trouble !== "" && !/^(No model|starting)/u.test(trouble);
    return isTrouble ? `${topic.slice("system/health/".length)}: ${trouble}` : undefined;
  }
  if (topic === "stt/refused") return `stt/refused: ${words(data["detail"]) ?? words(data["reason"])}`;
  if (topic === "tts/status" && data["event"] === "failed") return `tts/status: ${words(data["detail"])}`;
  if (topic === "turn/report" && data["outcome"] !== "answered")
    return `turn/report: ${words(data["reason"]) ?? words(data["outcome"])}`;
  return undefined;
}
