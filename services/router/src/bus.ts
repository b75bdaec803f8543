/** Effects as messages: the only place where the conversation's words become those of the contracts. */
import {
  llmRequest,
  micActionOf,
  speechFlagsOf,
  type TtsControlCommand,
  ttsControl,
  ttsSay,
  turnAnswer,
  turnCancel,
  turnRecord,
  turnReport,
  type WakeMicCommand,
  wakeMic,
} from "@ts-tars/contracts";
import type { Client } from "@ts-tars/mqtt";
import type { Effect, Failure, TimerEffect } from "./turn.ts";
import type { StageTime } from "./turn-clock.ts";

/** Whose effects they are. */
export interface Origin {
  readonly siteId: string;
  readonly newId: () => string;
}

/** A reason on the wire is a few words. */
const REASON_MAX_CHARS = 500;
/** Far over any answer, under the client's largest payload. */
const TEXT_MAX_CHARS = 60_000;

const briefly = (text: string): string => text.slice(0, REASON_MAX_CHARS);

/** What leaves as a message. */
export type Message = Exclude<Effect, TimerEffect>;

/** Publishes what an effect asks for. */
export function carryOut(client: Client, effect: Message, { siteId, newId }: Origin): void {
  const site_id = siteId;
  const options = { correlationId: effect.uttId };
  switch (effect.do) {
    case "show":
      showAnswer(client, effect, { siteId });
      return;
    case "say": {
      const { uttId: utt_id, seq, text, kind, isLast: last } = effect;
      client.publish(
        ttsSay,
        { text, utt_id, say_id: newId(), seq, last, kind, ...speechFlagsOf(kind), site_id },
        options,
      );
      return;
    }
    case "ask_model": {
      const { uttId: id, question: text, history, hint } = effect;
      const system = hint === undefined ? {} : { system: hint };
      const request = { id, text, stream: true, conversation_history: [...history], site_id, ...system };
      client.publish(llmRequest, request, options);
      return;
    }
    case "cancel":
      client.publish(turnCancel, { utt_id: effect.uttId, reason: briefly(effect.reason) }, options);
      return;
    case "hush":
      client.publish(
        ttsControl,
        { action: "stop", utt_id: effect.uttId, reason: briefly(effect.reason), site_id },
        options,
      );
      return;
    case "pause":
      client.publish(ttsControl, { action: "pause", utt_id: effect.uttId, ttl_ms: effect.ttlMs, site_id }, options);
      return;
    case "resume":
      client.publish(ttsControl, { action: "resume", utt_id: effect.uttId, site_id }, options);
      return;
    case "grant":
      client.publish(
        wakeMic,
        { utt_id: effect.uttId, site_id, action: micActionOf(effect.grant), ...grantFields(effect) },
        options,
      );
      return;
    case "adjust":
      client.publish(ttsControl, { ...orderFields(effect.order), site_id }, options);
      return;
    case "record": {
      const { uttId: utt_id, user, heard, isInterrupted: interrupted } = effect;
      client.publish(turnRecord, { utt_id, user, heard, interrupted, site_id }, options);
      return;
    }
    case "report":
      report(client, effect, { siteId });
      return;
  }
}

type EffectOf<Do extends Effect["do"]> = Effect & { readonly do: Do };

function showAnswer(client: Client, effect: EffectOf<"show">, { siteId: site_id }: Pick<Origin, "siteId">): void {
  const { uttId: utt_id, seq, path, isFinal, failure, meaning } = effect;
  const text = effect.text.slice(0, TEXT_MAX_CHARS);
  const reason = failure === undefined ? {} : { reason: briefly(failure.message) };
  const understood = meaning === undefined ? {} : { intent: meaning.intent, slots: { ...meaning.slots } };
  const answer = { utt_id, seq, text, path, final: isFinal, site_id, ...reason, ...understood };
  client.publish(turnAnswer, answer, { correlationId: utt_id, ...errorOf(failure) });
}

function grantFields(effect: EffectOf<"grant">): Partial<WakeMicCommand> {
  const { grant } = effect;
  if (effect.grant === "open") {
    const { captureId, fromSample, ttlMs: ttl_ms } = effect;
    const capture = captureId === undefined ? {} : { capture_id: captureId };
    return {
      grant,
      ttl_ms: Math.round(ttl_ms),
      ...capture,
      ...(fromSample === undefined ? {} : { from_sample: fromSample }),
    };
  }
  const { isFinishing, toSample } = effect;
  return {
    grant,
    ...(isFinishing ? { finish: true } : {}),
    ...(toSample === undefined ? {} : { to_sample: toSample }),
  };
}

function orderFields(order: EffectOf<"adjust">["order"]): Pick<TtsControlCommand, "action" | "volume"> {
  return order.kind === "volume" ? { action: "volume", volume: order.ratio } : { action: order.kind };
}

function errorOf(failure: Failure | undefined): { readonly error?: Failure } {
  return failure === undefined ? {} : { error: { code: failure.code, message: briefly(failure.message) } };
}

/** Fractions of a millisecond say nothing about a conversation. */
function wholeMs({ at_ms, took_ms, ...stage }: StageTime): StageTime {
  return { ...stage, at_ms: Math.round(at_ms), ...(took_ms === undefined ? {} : { took_ms: Math.round(took_ms) }) };
}

function report(client: Client, effect: EffectOf<"report">, { siteId: site_id }: Pick<Origin, "siteId">): void {
  const { uttId: utt_id, origin, path, outcome, reason, totalMs: total_ms, stages, missing, clock } = effect;
  const cause = reason === undefined ? {} : { reason: briefly(reason) };
  const source = path === undefined ? {} : { path };
  client.publish(
    turnReport,
    {
      utt_id,
      site_id,
      origin,
      outcome,
      total_ms: Math.round(total_ms),
      clock,
      stages: stages.map(wholeMs),
      missing: [...missing],
      ...source,
      ...cause,
    },
    { correlationId: utt_id },
  );
}
