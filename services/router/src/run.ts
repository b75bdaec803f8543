/**
 * One turn being worked on: its text comes about on one side, is shown and, sentence by sentence, spoken on the
 * other. Pure. A run is the same inside the conversation and beside it (`speak: "no"`).
 */
import {
  type Advance,
  type Answering,
  answerDueAtMs,
  answered,
  askedModel,
  breakOff,
  lapseAnswer,
} from "./answering.ts";
import { apology } from "./apologies.ts";
import type { Message } from "./history.ts";
import type { Rules } from "./rules.ts";
import { flush } from "./sentences.ts";
import { speakable } from "./speakable.ts";
import { isOver, SILENT, type Speech, send, speechDueAtMs } from "./speech.ts";
import type { AnswerPath, Effect, Failure, SentenceKind, Turn } from "./turn.ts";
import { mark, type Stage, startClock, type TurnClock } from "./turn-clock.ts";

export interface Run {
  readonly turn: Turn;
  readonly answering: Answering;
  readonly speech: Speech;
  readonly clock: TurnClock;
  /** Answers published so far, the `seq` of the next. */
  readonly shownCount: number;
}

/** The next run, and what must be done. */
export type Progress = readonly [Run, readonly Effect[]];

/** What every step of a run needs to know. */
export interface Context {
  readonly atMs: number;
  /** Of the turn that this step begins, or opens the microphone for; one step begins one at most. */
  readonly newUttId: string;
  readonly rules: Rules;
}

/** How the words of a turn are found. */
export type Beginning =
  | { readonly kind: "known"; readonly text: string; readonly path: AnswerPath }
  | {
      readonly kind: "question";
      readonly history: readonly Message[];
      readonly isWorkerKnown: boolean;
      readonly hint: string | undefined;
    }
  | { readonly kind: "impossible"; readonly failure: Failure };

/** How a run begins: its words, whether it is spoken, and the clock of a turn that has begun already, by listening. */
export interface Start {
  readonly beginning: Beginning;
  readonly speech: Speech;
  readonly clock?: TurnClock | undefined;
}

export function beginRun(turn: Turn, start: Start, context: Context): Progress {
  const { beginning, speech } = start;
  const { atMs } = context;
  const clock = mark(start.clock ?? startClock(atMs), "understood", { atMs });
  const asked = askedModel({ atMs, isWorkerKnown: beginning.kind === "question" && beginning.isWorkerKnown });
  const run: Run = { turn, answering: asked, speech, clock, shownCount: 0 };
  if (beginning.kind === "question") {
    const { history, hint } = beginning;
    const { uttId, text: question } = turn;
    const asking: Effect = { do: "ask_model", uttId, question, history, ...(hint === undefined ? {} : { hint }) };
    return [{ ...run, clock: mark(clock, "model_asked", { atMs }) }, [asking]];
  }
  if (beginning.kind === "impossible") return advance(run, breakOff(asked, beginning.failure), context);
  const sentences = flush({ waiting: beginning.text });
  return advance(run, [answered(beginning.text, { path: beginning.path }), sentences], context);
}

/** Takes what the answering gave: shows and speaks its sentences, and the apology when it failed. */
export function advance(run: Run, [answering, sentences]: Advance, context: Context): Progress {
  const isComplete = answering.kind === "complete" && run.answering.kind !== "complete";
  const kind: SentenceKind = run.turn.origin === "say" ? "announce" : "answer";
  const pieces: Piece[] = sentences.map((written) => ({ written, kind }));
  if (isComplete && answering.failure !== undefined)
    pieces.push({ written: apology(answering.failure, context.rules), kind: "error" });
  const clock = isComplete ? mark(run.clock, "text_complete", context) : run.clock;
  return deliver({ ...run, answering, clock }, { pieces, isLast: isComplete }, context);
}

interface Piece {
  readonly written: string;
  readonly kind: SentenceKind;
}

interface Delivery {
  readonly pieces: readonly Piece[];
  /** No more pieces follow. */
  readonly isLast: boolean;
}

function deliver(run: Run, delivery: Delivery, context: Context): Progress {
  const [shown, shows] = show(run, delivery, context);
  const [said, says] = speak(shown, delivery, context);
  return [said, [...shows, ...says]];
}

/** What is written at once and never spoken needs no pieces: its final answer follows in the same breath. */
function show(run: Run, { pieces, isLast }: Delivery, { atMs }: Context): Progress {
  const isAllAtOnce = isLast && run.shownCount === 0 && run.speech.kind !== "aloud";
  if (isAllAtOnce || pieces.length === 0 || run.turn.origin === "say") return [run, []];
  const effects = pieces.map(({ written, kind }, index): Effect => {
    const path = kind === "error" ? "error" : pathOf(run.answering);
    return { do: "show", uttId: run.turn.uttId, seq: run.shownCount + index, text: written, path, isFinal: false };
  });
  const clock = mark(run.clock, "first_sentence", { atMs });
  return [{ ...run, clock, shownCount: run.shownCount + pieces.length }, effects];
}

function speak(run: Run, { pieces, isLast }: Delivery, context: Context): Progress {
  if (run.speech.kind !== "aloud") return [run, []];
  const sayable = pieces
    .map((piece) => ({ ...piece, spoken: speakable(piece.written) }))
    .filter(({ spoken }) => spoken !== "");
  const isMute = isLast && sayable.length === 0 && run.speech.sentences.length === 0;
  if (isMute) return [{ ...run, speech: SILENT }, []];
  // The end of the turn's speech is told, also when it is known only after the last sentence.
  const last = isLast && sayable.length === 0 ? [{ written: "", spoken: "", kind: "answer" as const }] : sayable;
  let next = run;
  const effects: Effect[] = [];
  for (const [index, piece] of last.entries()) {
    const [said, effect] = say(next, { ...piece, isLast: isLast && index === last.length - 1 }, context);
    next = said;
    effects.push(effect);
  }
  return [next, effects];
}

interface Saying {
  readonly written: string;
  readonly spoken: string;
  readonly kind: SentenceKind;
  readonly isLast: boolean;
}

function say(run: Run, saying: Saying, { atMs }: Context): readonly [Run, Effect] {
  const { spoken, kind, isLast } = saying;
  const seq = run.speech.kind === "aloud" ? run.speech.sentences.length : 0;
  const clock = kind === "filler" ? run.clock : mark(run.clock, "first_say", { atMs });
  const speech = send(run.speech, { ...saying, sentAtMs: atMs });
  return [
    { ...run, speech, clock },
    { do: "say", uttId: run.turn.uttId, seq, text: spoken, kind, isLast },
  ];
}

/** "One moment", when the answer is awaited aloud and nothing of it has come. */
export function fillerDueAtMs(run: Run, rules: Rules): number | undefined {
  if (run.answering.kind !== "asked" || rules.sentences.filler === "") return undefined;
  const isAwaited = run.speech.kind === "aloud" && run.speech.sentences.length === 0;
  return isAwaited ? run.answering.draft.askedAtMs + rules.fillerAfterMs : undefined;
}

function sayFiller(run: Run, context: Context): Progress {
  const { filler } = context.rules.sentences;
  const [next, effect] = say(run, { written: filler, spoken: filler, kind: "filler", isLast: false }, context);
  return [next, [effect]];
}

/** When time itself will change the run. */
export function runDueAtMs(run: Run, rules: Rules): number {
  return Math.min(textDueAtMs(run, rules), speechDueAtMs(run.speech, rules) ?? Number.POSITIVE_INFINITY);
}

/** When time itself will change its text. */
export function textDueAtMs(run: Run, rules: Rules): number {
  const dues = [answerDueAtMs(run.answering, rules), fillerDueAtMs(run, rules)];
  return Math.min(...dues.filter((due) => due !== undefined));
}

/** The text's deadlines that were reached. */
export function lapseText(run: Run, context: Context): Progress {
  const advanced = advance(run, lapseAnswer(run.answering, context), context);
  const fillerAtMs = fillerDueAtMs(advanced[0], context.rules);
  if (fillerAtMs === undefined || context.atMs < fillerAtMs) return advanced;
  const [filled, effects] = sayFiller(advanced[0], context);
  return [filled, [...advanced[1], ...effects]];
}

export function markStage(
  run: Run,
  stage: Stage,
  at: { readonly atMs: number; readonly tookMs?: number | undefined },
): Run {
  return { ...run, clock: mark(run.clock, stage, at) };
}

/** Nothing more will be shown or sound. */
export function isFinished({ answering, speech }: Run): boolean {
  return answering.kind === "complete" && isOver(speech);
}

/** The whole text so far; the apology belongs to it. */
export function textOf({ answering }: Run, rules: Rules): string {
  if (answering.kind !== "complete") return answering.draft.stream.text.trim();
  const { text, failure } = answering;
  return failure === undefined ? text : [text.trim(), apology(failure, rules)].filter((part) => part !== "").join(" ");
}

export function pathOf(answering: Answering): AnswerPath {
  return answering.kind === "complete" ? answering.path : answering.draft.path;
}

/** Why the turn did not go as it should; a text that could only be shown counts. */
export function failureOf({ answering, speech }: Run): Failure | undefined {
  if (answering.kind === "complete" && answering.failure !== undefined) return answering.failure;
  return speech.kind === "given_up" ? speech.failure : undefined;
}
