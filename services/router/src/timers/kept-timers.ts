/**
 * Timers as they outlive the process. Pure.
 *
 * While the process lives they run by a clock that nobody sets; on the disk they are due at a moment of the calendar. A board
 * without a battery may start in 1970 and learn the date later: no timer then has more to go than it was set for.
 */
import { z } from "zod";
import { DURATION_MAX_MS, TIMERS_MAX, type Timer, WORDS_MAX_CHARS } from "./timers.ts";

const Words = z.string().min(1).max(WORDS_MAX_CHARS);

const KeptTimer = z.object({
  id: z.string().min(1).max(128),
  site_id: z.string().min(1).max(64),
  name: Words.optional(),
  reminder: Words.optional(),
  duration_ms: z.number().positive().max(DURATION_MAX_MS),
  /** Unix ms. */
  due_ms: z.number(),
});
export type KeptTimer = z.output<typeof KeptTimer>;

/** What stands in the file. */
export const KeptTimers = z.object({
  version: z.literal(1),
  timers: z.array(KeptTimer).max(TIMERS_MAX * 256),
});

/** One and the same moment on both clocks. */
export interface Moment {
  /** Of the clock that the timers run by. */
  readonly atMs: number;
  readonly epochMs: number;
}

export function keep({ dueAtMs, durationMs, ...timer }: Timer, siteId: string, { atMs, epochMs }: Moment): KeptTimer {
  const { id, name, reminder } = timer;
  return {
    ...{ id, site_id: siteId, duration_ms: durationMs, due_ms: Math.round(epochMs + dueAtMs - atMs) },
    ...(name === undefined ? {} : { name }),
    ...(reminder === undefined ? {} : { reminder }),
  };
}

/** A timer that was due meanwhile is due in the past. */
export function takeUp({ id, name, reminder, ...kept }: KeptTimer, { atMs, epochMs }: Moment): Timer {
  const leftMs = Math.min(kept.duration_ms, kept.due_ms - epochMs);
  return { id, name, reminder, durationMs: kept.duration_ms, dueAtMs: atMs + leftMs };
}
