/**
 * Timers that ring. Pure.
 *
 *   sounding ──it was said, or does not come──▶ silent ──1.5 s──▶ sounding … until somebody comes, or 60 s
 */
import type { Rules } from "./rules.ts";
import type { TurnClock } from "./turn-clock.ts";

/** A timer whose time is up. */
export interface DueTimer {
  readonly id: string;
  /** As it is said: `the pasta timer`. */
  readonly label: string;
}

/** Timers that are due, shown, and ring as soon as nobody talks with the robot. */
export interface DueAlarm {
  /** The turn that it is shown and reported as. */
  readonly uttId: string;
  readonly timers: readonly DueTimer[];
  readonly sinceMs: number;
  /** Answers published so far, the `seq` of the next. */
  readonly shownCount: number;
  readonly clock: TurnClock;
}

/** One that rings; `sinceMs` counts from the beginning of that. */
export interface Alarm extends DueAlarm {
  /** Sentences said so far, the `seq` of the next. */
  readonly saidCount: number;
  readonly ring: { readonly kind: "sounding" | "silent"; readonly untilMs: number };
}

/** When it must say or end something. */
export function alarmDueAtMs(alarm: Alarm, rules: Rules): number {
  return Math.min(alarm.ring.untilMs, alarmEndsAtMs(alarm, rules));
}

/** When it is given up. */
export function alarmEndsAtMs({ sinceMs }: Alarm, { alarmMs }: Rules): number {
  return sinceMs + alarmMs;
}

/** With more timers; one that is known already is not added again. */
export function withTimers<Due extends DueAlarm>(due: Due, timers: readonly DueTimer[]): Due {
  const more = timers.filter(({ id }) => due.timers.every((known) => known.id !== id));
  return { ...due, timers: [...due.timers, ...more] };
}

/** A sentence about them. */
export function wordsAbout({ timers }: DueAlarm, sentence: string): string {
  return sentence.replaceAll("{timers}", timers.map(({ label }) => label).join(", "));
}
