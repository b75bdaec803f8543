/**
 * The timers of one site. Pure: the moment is an argument, in ms of any clock that only goes forward.
 *
 * Nothing is guessed: what could mean two timers ends none of them, and the answer names both.
 */
import {
  cancelledAllWords,
  cancelledWords,
  leftWords,
  listWords,
  type Named,
  noSuchWords,
  setWords,
  TOO_LONG,
  TOO_MANY,
  TOO_SHORT,
  whichWords,
} from "./timer-words.ts";

export interface Timer extends Named {
  /** Unique at the site: the turn that set it. */
  readonly id: string;
  readonly dueAtMs: number;
}

/** Which of the timers is meant; without a member, the only one. */
export interface Which {
  readonly name?: string | undefined;
  readonly durationMs?: number | undefined;
}

export type TimerOrder =
  | ({ readonly kind: "set" } & Named)
  | { readonly kind: "left" | "cancel"; readonly which: Which }
  | { readonly kind: "cancel_all" | "list" };

export interface TimersStep {
  /** The very same list when nothing has changed. */
  readonly timers: readonly Timer[];
  /** What is said to who asked. */
  readonly text: string;
}

/** More than anybody keeps apart by ear. */
export const TIMERS_MAX = 32;
/** A week: what is longer is an appointment. */
export const DURATION_MAX_MS = 7 * 24 * 3_600_000;
const DURATION_MIN_MS = 1_000;
/** Of a name and of a reminder; what is longer is cut. */
export const WORDS_MAX_CHARS = 200;

/** What an order makes of the timers, and the answer to it. `id` is that of a timer it may set. */
export function obeyOrder(
  timers: readonly Timer[],
  order: TimerOrder,
  { id, atMs }: { readonly id: string; readonly atMs: number },
): TimersStep {
  switch (order.kind) {
    case "set":
      return set(timers, order, { id, atMs });
    case "left": {
      const meant = meantBy(timers, order.which);
      return { timers, text: meant.length === 0 ? noSuch(timers, order.which) : leftWords(remaining(meant, atMs)) };
    }
    case "cancel":
      return cancel(timers, order.which, atMs);
    case "cancel_all":
      return { timers: timers.length === 0 ? timers : [], text: cancelledAllWords(timers.length) };
    case "list":
      return { timers, text: listWords(remaining(timers, atMs)) };
  }
}

function set(
  timers: readonly Timer[],
  { name, reminder, durationMs }: Named,
  { id, atMs }: { readonly id: string; readonly atMs: number },
): TimersStep {
  if (!(durationMs >= DURATION_MIN_MS)) return { timers, text: TOO_SHORT };
  if (durationMs > DURATION_MAX_MS) return { timers, text: TOO_LONG };
  if (timers.length >= TIMERS_MAX) return { timers, text: TOO_MANY };
  const words = { name: name?.slice(0, WORDS_MAX_CHARS), reminder: reminder?.slice(0, WORDS_MAX_CHARS) };
  const timer: Timer = { id, ...words, durationMs, dueAtMs: atMs + durationMs };
  return { timers: [...timers, timer], text: setWords(timer) };
}

function cancel(timers: readonly Timer[], which: Which, atMs: number): TimersStep {
  const meant = meantBy(timers, which);
  const [timer, ...others] = meant;
  if (timer === undefined) return { timers, text: noSuch(timers, which) };
  if (others.length > 0) return { timers, text: whichWords(remaining(meant, atMs)) };
  return { timers: timers.filter((other) => other !== timer), text: cancelledWords(timer) };
}

function meantBy(timers: readonly Timer[], { name, durationMs }: Which): readonly Timer[] {
  const wanted = name?.toLowerCase();
  return timers.filter((timer) => {
    if (wanted !== undefined && timer.name?.toLowerCase() !== wanted) return false;
    return durationMs === undefined || timer.durationMs === durationMs;
  });
}

function noSuch(timers: readonly Timer[], which: Which): string {
  return noSuchWords(which, timers);
}

/** In the order in which they end, each with what is left of it. */
function remaining(timers: readonly Timer[], atMs: number): readonly (Timer & { readonly leftMs: number })[] {
  return timers
    .toSorted((a, b) => a.dueAtMs - b.dueAtMs)
    .map((timer) => ({ ...timer, leftMs: Math.max(0, timer.dueAtMs - atMs) }));
}

/** When the next one is due; undefined while none runs. */
export function nextDueAtMs(timers: readonly Timer[]): number | undefined {
  return timers.length === 0 ? undefined : Math.min(...timers.map(({ dueAtMs }) => dueAtMs));
}

/** Those that are due now, and those that go on. */
export function takeDue(
  timers: readonly Timer[],
  atMs: number,
): { readonly due: readonly Timer[]; readonly left: readonly Timer[] } {
  const due = timers.filter(({ dueAtMs }) => dueAtMs <= atMs);
  return due.length === 0 ? { due, left: timers } : { due, left: timers.filter(({ dueAtMs }) => dueAtMs > atMs) };
}
