/** How long to wait before the fan-out is asked again. Pure. */

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 5_000;

/** 0.5 s, doubling to 5 s, of which up to a fifth is drawn away so that clients do not come in step; `random` from [0, 1). */
export function reconnectDelayMs(failureCount: number, random: number): number {
  const bound = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failureCount, 10));
  return bound * (1 - random / 5);
}
