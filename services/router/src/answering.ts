/**
 * How the text of one answer comes about. Pure.
 *
 *   asked ──text, no gap, done──▶ ending ──response, or none in time──▶ complete
 *     └──response, error, deadline────────────────────────────────────▶ complete
 *
 * `ending` waits for the response because only that says whether the stream ended or broke.
 */
import { EMPTY_STREAM, isWhole, type LlmStream, readMessage, readReply, type StreamMessage } from "./llm-stream.ts";
import type { Rules } from "./rules.ts";
import { type Cutter, cut, cutAtPause, EMPTY_CUTTER, flush } from "./sentences.ts";
import type { AnswerPath, Failure } from "./turn.ts";

/** What a model's text is being made of. */
interface Draft {
  readonly stream: LlmStream;
  readonly cutter: Cutter;
  readonly askedAtMs: number;
  /** When the model last gave a sign of life. */
  readonly heardAtMs: number;
  /** Whether anything was ever heard of the worker. */
  readonly isWorkerKnown: boolean;
  /** Who works on it, by the last message of its stream; undefined before the first. */
  readonly worker: string | undefined;
  readonly path: AnswerPath;
}

export type Answering =
  | { readonly kind: "asked"; readonly draft: Draft }
  | { readonly kind: "ending"; readonly draft: Draft; readonly doneAtMs: number }
  | {
      readonly kind: "complete";
      readonly text: string;
      readonly path: AnswerPath;
      readonly failure: Failure | undefined;
    };

/** The next state, and the sentences of the answer that are certain now. */
export type Advance = readonly [Answering, readonly string[]];

/** A message of the stream, when it came, and what its provider is. */
export type ModelMessage = StreamMessage & {
  readonly path: AnswerPath;
  readonly atMs: number;
  /** Who says it, as the envelope does. */
  readonly worker: string;
};

/** What the model's worker says at the end. */
export type Response =
  | { readonly kind: "reply"; readonly text: string; readonly path: AnswerPath }
  | { readonly kind: "error"; readonly failure: Failure };

export function askedModel({
  atMs,
  isWorkerKnown,
}: Pick<Draft, "isWorkerKnown"> & { readonly atMs: number }): Answering {
  const empty = { stream: EMPTY_STREAM, cutter: EMPTY_CUTTER, path: "llm", worker: undefined } as const;
  return { kind: "asked", draft: { ...empty, askedAtMs: atMs, heardAtMs: atMs, isWorkerKnown } };
}

export function answered(
  text: string,
  { path, failure }: { readonly path: AnswerPath; readonly failure?: Failure },
): Answering {
  return { kind: "complete", text, path, failure };
}

/** A message of the stream, which may only say that the model is at work. */
export function readStream(answering: Answering, message: ModelMessage): Advance {
  if (answering.kind === "complete") return [answering, []];
  const { draft } = answering;
  const [stream, certain] = readMessage(draft.stream, message);
  const [cutter, sentences] = cut(draft.cutter, certain);
  const next: Draft = {
    ...draft,
    stream,
    cutter,
    heardAtMs: message.atMs,
    isWorkerKnown: true,
    worker: message.worker,
    path: message.path,
  };
  if (answering.kind === "ending") return [{ ...answering, draft: next }, sentences];
  return [
    message.done ? { kind: "ending", draft: next, doneAtMs: message.atMs } : { kind: "asked", draft: next },
    sentences,
  ];
}

/** The worker's last word. The text of a failed answer is what came of it. */
export function readResponse(answering: Answering, response: Response): Advance {
  if (answering.kind === "complete") return [answering, []];
  const { draft } = answering;
  if (response.kind === "error") return breakOff(answering, response.failure);
  if (response.text.trim() === "")
    return breakOff(answering, { code: "llm_empty", message: "llm-worker's reply holds no text." });
  const [, rest] = readReply(draft.stream, response.text);
  const [cutter, sentences] = cut(draft.cutter, rest);
  return [answered(response.text, { path: response.path }), [...sentences, ...flush(cutter)]];
}

/** Ends it with what there is. */
export function breakOff(answering: Answering, failure: Failure): Advance {
  if (answering.kind === "complete") return [answering, []];
  const { stream, cutter } = answering.draft;
  return [{ kind: "complete", text: stream.text.trim(), path: "error", failure }, flush(cutter)];
}

/**
 * Whether nobody works on it any more, now that these workers are lost. Of a question that no worker has spoken on yet nobody
 * knows who has it: then it waits as long as one is there, for the deadline of silence.
 */
export function isAbandoned(
  answering: Answering,
  { lost, there }: { readonly lost: readonly string[]; readonly there: readonly string[] },
): boolean {
  if (answering.kind === "complete") return false;
  const { worker } = answering.draft;
  if (worker !== undefined && lost.includes(worker)) return true;
  const others = there.filter((name) => !lost.includes(name));
  return others.length === 0;
}

/** When the model must have said something, or may be taken to have finished a sentence; undefined when it is over. */
export function answerDueAtMs(answering: Answering, rules: Rules): number | undefined {
  if (answering.kind === "complete") return undefined;
  if (answering.kind === "ending") return answering.doneAtMs + rules.responseMs;
  const { draft } = answering;
  const dues = [draft.askedAtMs + rules.answerMs, silentAtMs(draft, rules)];
  const isAtPause = cutAtPause(draft.cutter)[1].length > 0;
  return Math.min(...dues, ...(isAtPause ? [draft.heardAtMs + rules.writerPauseMs] : []));
}

/** What follows when a time was reached. */
export function lapseAnswer(
  answering: Answering,
  { atMs, rules }: { readonly atMs: number; readonly rules: Rules },
): Advance {
  if (answering.kind === "complete") return [answering, []];
  const { draft } = answering;
  if (answering.kind === "ending") {
    return atMs < answering.doneAtMs + rules.responseMs ? [answering, []] : takeAsWhole(draft);
  }
  const failure = overdue(draft, { atMs, rules });
  if (failure !== undefined) return breakOff(answering, failure);
  if (atMs < draft.heardAtMs + rules.writerPauseMs) return [answering, []];
  const [cutter, sentences] = cutAtPause(draft.cutter);
  return [{ kind: "asked", draft: { ...draft, cutter } }, sentences];
}

function overdue(draft: Draft, { atMs, rules }: { readonly atMs: number; readonly rules: Rules }): Failure | undefined {
  if (atMs >= draft.askedAtMs + rules.answerMs) {
    return { code: "llm_timeout", message: `llm-worker did not finish within ${rules.answerMs / 1000} s.` };
  }
  if (atMs < silentAtMs(draft, rules)) return undefined;
  if (!draft.isWorkerKnown)
    return { code: "llm_unavailable", message: "llm-worker is not running: nothing was ever heard of it." };
  return { code: "llm_silent", message: `llm-worker said nothing for ${rules.modelSilentMs / 1000} s.` };
}

function silentAtMs({ heardAtMs, isWorkerKnown }: Draft, rules: Rules): number {
  return heardAtMs + (isWorkerKnown ? rules.modelSilentMs : rules.modelUnseenMs);
}

/** The stream ended and the response stayed away: what came is the answer, if nothing is missing. */
function takeAsWhole({ stream, cutter, path }: Draft): Advance {
  if (isWhole(stream)) return [answered(stream.text, { path }), flush(cutter)];
  const failure = {
    code: "llm_incomplete",
    message: "A part of llm-worker's answer was lost, and llm/response stayed away.",
  };
  return [answered(stream.text, { path: "error", failure }), flush(cutter)];
}
