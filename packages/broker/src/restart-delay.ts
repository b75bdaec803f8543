/** How a crashed broker is started again. */
export interface Backoff {
  /** Upper bound of the first delay; it doubles with each failure in a row. */
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
  /** A broker that stood so long starts over with the first delay. */
  readonly steadyMs: number;
}

/** A broker's clients are all down while it is: the first restart comes at once, a crash loop is slow. */
export const DEFAULT_BACKOFF: Backoff = { minDelayMs: 200, maxDelayMs: 10_000, steadyMs: 30_000 };

/** Full jitter; `failureCount` is 1 after the first crash. Pure: `random` is in [0, 1). */
export function restartDelayMs(failureCount: number, random: number, { minDelayMs, maxDelayMs }: Backoff): number {
  return Math.round(random * Math.min(maxDelayMs, minDelayMs * 2 ** (failureCount - 1)));
}
