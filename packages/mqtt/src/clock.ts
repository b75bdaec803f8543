/** Time as the client needs it; tests hand in a manual one. */
export interface Clock {
  /** Monotonic milliseconds; only differences mean anything. */
  readonly nowMs: () => number;
  /** Unix epoch milliseconds. */
  readonly epochMs: () => number;
  /** Calls `fire` once after `delayMs`; the returned function cancels it. */
  readonly setTimer: (delayMs: number, fire: () => void) => () => void;
}

/** Node fires a longer timer after a millisecond; 24.8 days, which nothing here outlasts. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The process's own clocks. */
export const SYSTEM_CLOCK: Clock = Object.freeze({
  nowMs: () => performance.now(),
  epochMs: () => Date.now(),
  setTimer: (delayMs: number, fire: () => void) => {
    const timer = setTimeout(fire, Math.min(delayMs, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
});
