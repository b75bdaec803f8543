/** What the workers report, as events: the contracts' words become those of the conversation. */
import {
  type FinalTranscript,
  type HealthPing,
  type LLMResponse,
  llmResponse,
  llmStream,
  type RefusedTranscript,
  sttFinal,
  sttRefused,
  sttState,
  systemHealth,
  type TtsStatus,
  ttsStatus,
  turnCancelled,
} from "@ts-tars/contracts";
import type { Received, Subscription } from "@ts-tars/mqtt";
import { listedInstances } from "@ts-tars/service";
import type { Response } from "./answering.ts";
import type { SpeechTiming } from "./conversation-state.ts";
import { HEARING_SERVICE, MODEL_SERVICE, SPEECH_SERVICE } from "./endings.ts";
import type { Hearer } from "./inbound.ts";
import type { Part, WorkerSign } from "./peers.ts";
import type { Reading } from "./plans.ts";
import type { Happening } from "./site.ts";
import type { AnswerPath } from "./turn.ts";

/**
 * Whose health the router follows, each by its own topic: Aedes takes a message that reaches a filter with a wildcard behind a
 * later one for a duplicate, and never delivers it.
 */
export const WATCHED_INSTANCES: readonly string[] = [
  SPEECH_SERVICE,
  HEARING_SERVICE,
  ...listedInstances(MODEL_SERVICE),
];

/** Each becomes active with the connection. */
export function subscribeToWorkers({ client, inbox, interpret }: Hearer): readonly Subscription[] {
  const toTurn = (happening: Happening | undefined): void => {
    if (happening !== undefined) inbox.post({ type: "to_turn", happening });
  };
  return [
    ...WATCHED_INSTANCES.map((service) =>
      client.subscribe(systemHealth.at({ service }), ({ data }) => {
        inbox.post({ type: "worker_seen", who: { part: partOf(service), instance: service }, sign: signOf(data) });
      }),
    ),
    client.subscribe(sttState, ({ data: { site_id: siteId, boot, hearing, activity, privacy: isPrivate } }) => {
      const isOpen = hearing.state === "open";
      inbox.post({ type: "hearing_seen", sign: { siteId, isOpen, boot, activity, isPrivate } });
    }),
    client.subscribe(sttFinal, ({ data }) => toTurn(transcriptOf(data, interpret(data.text)))),
    client.subscribe(sttRefused, ({ data }) => toTurn(refusalOf(data))),
    client.subscribe(llmStream, ({ data: { id: uttId, seq, delta = "", done, provider }, source: worker }) => {
      toTurn({ type: "streamed", uttId, message: { seq, delta, done, path: pathOf(provider), worker } });
    }),
    client.subscribe(llmResponse, (message) => {
      const { id: uttId, cancelled: isCancelled, first_token_ms: firstTokenMs } = message.data;
      toTurn({ type: "responded", uttId, response: responseOf(message), isCancelled, firstTokenMs });
    }),
    client.subscribe(ttsStatus, ({ data }) => toTurn(soundOf(data))),
    client.subscribe(turnCancelled, ({ data: { utt_id: uttId, service } }) =>
      toTurn({ type: "acknowledged", uttId, service }),
    ),
  ];
}

/** Of the model's replicas any can have any question. */
function partOf(instance: string): Part {
  if (instance === SPEECH_SERVICE) return "loudspeaker";
  return instance === HEARING_SERVICE ? "ears" : "model";
}

function signOf({ ok, boot = "", session = "", detail = {} }: HealthPing): WorkerSign {
  const { muted_sites: muted, volume } = detail as { readonly muted_sites?: unknown; readonly volume?: unknown }; // a record of unknowns by its contract
  return {
    ...{ ok, boot, session },
    mutedSites: typeof muted === "string" ? muted.split(" ") : [],
    volumeRatio: typeof volume === "number" ? volume : undefined,
  };
}

/** Of a turn that asked for it; what is transcribed beside a turn is nobody's. */
function transcriptOf(data: FinalTranscript, { meaning, plan }: Reading): Happening | undefined {
  const { utt_id: uttId, text } = data;
  if (uttId === undefined) return undefined;
  const words = { uttId, text, meaning };
  return { type: "transcribed", words, plan, timing: timingOf(data), levelDb: data.level_db };
}

function refusalOf(data: RefusedTranscript): Happening | undefined {
  const { utt_id: uttId, reason: code, detail } = data;
  if (uttId === undefined) return undefined;
  const failure = { code, message: detail ?? `stt-worker refused what it heard: ${code}.` };
  return { type: "refused", uttId, failure, timing: timingOf(data) };
}

function timingOf({
  endpoint_ms: endpointMs,
  transcribe_ms: transcribeMs,
}: Pick<FinalTranscript, "endpoint_ms" | "transcribe_ms">): SpeechTiming {
  return { endpointMs, transcribeMs };
}

function pathOf(provider: string | undefined): AnswerPath {
  return provider === "offline" ? "offline" : "llm";
}

function responseOf({ data, error }: Received<LLMResponse>): Response {
  if (data.error === undefined) return { kind: "reply", text: data.reply ?? "", path: pathOf(data.provider) };
  return { kind: "error", failure: { code: error?.code ?? "llm_failed", message: data.error } };
}

/** Of a sentence of ours; old peers name none. */
function soundOf(status: TtsStatus): Happening | undefined {
  const { utt_id: uttId, seq, event, spoken_ratio: spokenRatio, expected_ms: expectedMs } = status;
  if (uttId === undefined || seq === undefined) return undefined;
  const cause = status.detail ?? status.reason;
  return {
    type: "sounded",
    uttId,
    news: { seq, event, spokenRatio, expectedMs, cause },
    firstAudibleMs: status.first_audible_ms,
  };
}
