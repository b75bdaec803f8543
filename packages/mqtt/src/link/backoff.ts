/**
 * How long to wait before the next connection attempt. Pure.
 *
 * Full jitter (a uniform draw from 0 to a bound that doubles) keeps a fleet from coming back in step after a broker
 * restart. A closed port answers at once and costs the broker nothing, so it is asked more often; so is a broker whose
 * connection had stood for a while, since it is probably being restarted.
 */
export interface BackoffBounds {
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
}

/** Bound of the prompt pace: p95 of "port open → connected" stays under a second. */
export const PROMPT_MAX_MS = 750;

/** Why the last attempt or connection ended, as far as waiting goes. */
export type RetryPace = "normal" | "prompt" | "slowest";

/**
 * @param failures attempts since a connection last stood long enough; 0 for the first retry
 * @param random a draw from [0, 1)
 */
export function nextDelayMs(
  { minDelayMs, maxDelayMs }: BackoffBounds,
  { failures, pace, random }: { readonly failures: number; readonly pace: RetryPace; readonly random: number },
): number {
  if (pace === "slowest") return maxDelayMs;
  const bound = Math.min(maxDelayMs, minDelayMs * 2 ** Math.min(failures, 30));
  return random * (pace === "prompt" ? Math.min(bound, PROMPT_MAX_MS) : bound);
}
