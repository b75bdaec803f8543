/** What the router hears, as events: the only place where the contracts' words become those of the conversation. */
import {
  type HealthPing,
  type LLMResponse,
  llmResponse,
  llmStream,
  systemHealth,
  type TtsStatus,
  ttsStatus,
  turnAsk,
  turnCancel,
  turnCancelled,
  turnSay,
  turnState,
} from "@ts-tars/contracts";
import type { Client, Received, Subscription } from "@ts-tars/mqtt";
import type { Mailbox } from "@ts-tars/service";
import type { Response } from "./answering.ts";
import { MODEL_SERVICE, SPEECH_SERVICE } from "./endings.ts";
import type { Part, WorkerSign } from "./peers.ts";
import type { Happening } from "./site.ts";
import type { AnswerPath } from "./turn.ts";

export type Inbound =
  | { readonly type: "at_site"; readonly siteId: string; readonly happening: Happening }
  | { readonly type: "to_turn"; readonly happening: Happening }
  | { readonly type: "worker_seen"; readonly part: Part; readonly sign: WorkerSign }
  | { readonly type: "worker_unseen" }
  | { readonly type: "stopping" };

export interface Hearing {
  readonly client: Client;
  readonly inbox: Mailbox<Inbound>;
  readonly boot: string;
  /** What the robot can answer by itself. */
  readonly answerLocally: (text: string) => string | undefined;
  /**
   * Resolves when it is known which workers are there. What was asked while the router was away comes before their
   * health, and would find neither a model nor a loudspeaker.
   */
  readonly met: Promise<void>;
}

/** Subscribes to everything; each subscription becomes active with the connection. */
export function subscribeAll(hearing: Hearing): readonly Subscription[] {
  return [...subscribeToPeople(hearing), ...subscribeToWorkers(hearing)];
}

function subscribeToPeople({ client, inbox, boot, answerLocally, met }: Hearing): readonly Subscription[] {
  return [
    // Handled when the question is answered, or on its way to the model and in `turn/state`.
    client.subscribe(turnAsk, async ({ data: { utt_id: uttId, text, site_id: siteId, speak, origin } }) => {
      const turn = { uttId, origin, text };
      await met;
      return inbox.handled({
        type: "at_site",
        siteId,
        happening: { type: "asked", turn, speak, localAnswer: answerLocally(text) },
      });
    }),
    client.subscribe(turnSay, async ({ data: { utt_id: uttId, text, site_id: siteId } }) => {
      await met;
      return inbox.handled({
        type: "at_site",
        siteId,
        happening: { type: "announced", turn: { uttId, origin: "say", text } },
      });
    }),
    client.subscribe(turnCancel, ({ data: { utt_id: uttId, site_id: siteId, reason }, source }) => {
      // What we told the workers ourselves is no news.
      if (source === client.source) return;
      const happening: Happening = { type: "cancelled", uttId, reason };
      inbox.post(
        siteId === undefined || siteId === "*"
          ? { type: "to_turn", happening }
          : { type: "at_site", siteId, happening },
      );
    }),
    client.subscribe(turnState, ({ data }) => {
      if (data.boot === boot) return;
      const happening: Happening = { type: "found", uttId: data.utt_id, asks: data.asks };
      inbox.post({ type: "at_site", siteId: data.site_id, happening });
    }),
  ];
}

function subscribeToWorkers({ client, inbox }: Hearing): readonly Subscription[] {
  const toTurn = (happening: Happening): void => void inbox.post({ type: "to_turn", happening });
  const watch = (service: string, part: Part): Subscription =>
    client.subscribe(
      systemHealth.at({ service }),
      ({ data }) => void inbox.post({ type: "worker_seen", part, sign: signOf(data) }),
    );
  return [
    watch(MODEL_SERVICE, "model"),
    watch(SPEECH_SERVICE, "loudspeaker"),
    client.subscribe(llmStream, ({ data: { id: uttId, seq, delta = "", done, provider } }) => {
      toTurn({ type: "streamed", uttId, message: { seq, delta, done, path: pathOf(provider) } });
    }),
    client.subscribe(llmResponse, (message) => {
      const { id: uttId, cancelled: isCancelled, first_token_ms: firstTokenMs } = message.data;
      toTurn({ type: "responded", uttId, response: responseOf(message), isCancelled, firstTokenMs });
    }),
    client.subscribe(ttsStatus, ({ data }) => {
      const happening = soundOf(data);
      if (happening !== undefined) toTurn(happening);
    }),
    client.subscribe(turnCancelled, ({ data: { utt_id: uttId, service } }) =>
      toTurn({ type: "acknowledged", uttId, service }),
    ),
  ];
}

function signOf({ ok, boot = "", session = "", detail = {} }: HealthPing): WorkerSign {
  const { muted_sites: muted } = detail as { readonly muted_sites?: unknown }; // a record of unknowns by its contract
  return { ok, boot, session, mutedSites: typeof muted === "string" ? muted.split(" ") : [] };
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
