/** The books of a turn: its final answer, what is remembered of it, and its report. Pure. */
import type { PastTurn } from "./history.ts";
import type { Rules } from "./rules.ts";
import { type Context, failureOf, pathOf, type Run, textOf } from "./run.ts";
import { heardOf } from "./speech.ts";
import type { AnswerPath, Effect, Failure, Outcome, Turn } from "./turn.ts";
import { mark, readClock, type TurnClock } from "./turn-clock.ts";

/** How a turn ended. */
export interface Ending {
  readonly outcome: Outcome;
  /** Why, when it was not simply answered. */
  readonly failure: Failure | undefined;
  readonly missing: readonly string[];
}

/** A cancelled turn whose workers have not all acknowledged. */
export interface Closing {
  readonly run: Run;
  readonly ending: Ending;
  readonly awaited: readonly string[];
  readonly dueAtMs: number;
}

/** The ending of a run that came to its end by itself. */
export function naturalEnding(run: Run): Ending {
  const failure = failureOf(run);
  const isUnspoken = run.turn.origin === "say" && run.speech.kind === "given_up";
  const isFailed = isUnspoken || (run.answering.kind === "complete" && run.answering.failure !== undefined);
  return { outcome: isFailed ? "failed" : "answered", failure, missing: [] };
}

/** The one final answer; an announcement has one only when it could not be spoken. */
export function showFinal(run: Run, ending: Ending, rules: Rules): readonly Effect[] {
  const { failure, outcome } = ending;
  const isSay = run.turn.origin === "say";
  if (isSay && (failure === undefined || outcome === "cancelled")) return [];
  const isCut = (outcome === "cancelled" || outcome === "stuck") && run.answering.kind !== "complete";
  const path = isSay ? "error" : isCut || outcome === "cancelled" ? "cancelled" : pathOf(run.answering);
  const text = textOf(run, rules);
  return [finalOf(run.turn, { seq: run.shownCount, text, path, failure })];
}

function finalOf(
  { uttId, meaning }: Pick<Turn, "uttId" | "meaning">,
  { failure, ...answer }: Pick<Shown, "seq" | "text" | "path"> & { readonly failure: Failure | undefined },
): Effect {
  const known = meaning === undefined ? {} : { meaning };
  const cause = failure === undefined ? {} : { failure };
  return { do: "show", uttId, ...answer, isFinal: true, ...cause, ...known };
}

type Shown = Effect & { readonly do: "show" };

/** A turn that ends without its words having been worked on. */
export interface Unworked {
  readonly turn: Pick<Turn, "uttId" | "origin" | "meaning">;
  readonly clock: TurnClock;
  readonly path: AnswerPath;
  readonly outcome: Outcome;
  readonly text: string;
  readonly failure?: Failure;
  /** How much of it was shown before; absent: nothing. */
  readonly seq?: number;
}

/** Its one final answer and its report. */
export function closeUnworked(unworked: Unworked, { atMs }: Pick<Context, "atMs">): readonly Effect[] {
  const { turn, path, outcome, text, failure, seq = 0 } = unworked;
  const { stages, clock } = readClock(mark(unworked.clock, "ended", { atMs }));
  const totalMs = Math.max(0, atMs - unworked.clock.begunAtMs);
  const reason = failure === undefined ? {} : { reason: `${failure.code}: ${failure.message}` };
  const { uttId, origin } = turn;
  return [
    finalOf(turn, { seq, text, path, failure }),
    { do: "report", uttId, origin, path, outcome, ...reason, totalMs, stages, clock, missing: [] },
  ];
}

/** What the person knows of the answer; undefined when there is nothing worth keeping. */
export function pastOf(run: Run, ending: Ending, atMs: number): PastTurn | undefined {
  const { turn, speech, answering } = run;
  if (turn.origin === "say") return undefined;
  const isInterrupted = ending.outcome === "cancelled" || ending.outcome === "stuck";
  const written = answering.kind === "complete" ? answering.text : answering.draft.stream.text.trim();
  const heard = speech.kind === "aloud" ? heardOf(speech, atMs) : { text: written, isAll: !isInterrupted };
  if (heard.text === "" && (ending.failure !== undefined || isInterrupted)) return undefined;
  return { uttId: turn.uttId, user: turn.text, heard: heard.text, interrupted: isInterrupted || !heard.isAll };
}

/** What goes to memory and to the report. */
export function closeBooks(run: Run, ending: Ending, { atMs }: Context): readonly Effect[] {
  const past = pastOf(run, ending, atMs);
  const { uttId, origin } = run.turn;
  const { stages, clock } = readClock(mark(run.clock, "ended", { atMs }));
  const path = ending.outcome === "cancelled" ? "cancelled" : pathOf(run.answering);
  const report: Effect = {
    do: "report",
    uttId,
    origin,
    outcome: ending.outcome,
    ...(origin === "say" ? {} : { path }),
    ...(ending.failure === undefined ? {} : { reason: `${ending.failure.code}: ${ending.failure.message}` }),
    totalMs: Math.max(0, atMs - run.clock.begunAtMs),
    stages,
    clock,
    missing: ending.missing,
  };
  if (past === undefined) return [report];
  const { user, heard, interrupted } = past;
  return [{ do: "record", uttId, user, heard, isInterrupted: interrupted }, report];
}
