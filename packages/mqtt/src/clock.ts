/** Time as the client needs it; tests hand in a manual one. */
export interface Clock {
  /** Monotonic milliseconds; only differences mean anything. */
  readonly nowMs: () => number;
  /** Unix epoch milliseconds. */
  readonly epochMs: () => number;
  /** Calls `fire` once after `delayMs`; the returned function cancels it. */
  readonly setTimer: (delayMs: number, fire: () => void) => () => void;
}

/** The process's own clocks. */
export const SYSTEM_CLOCK: Clock = Object.freeze({
  nowMs: () => performance.now(),
  epochMs: () => Date.now(),
  setTimer: (delayMs: number, fire: () => void) => {
    const timer = setTimeout(fire, delayMs);
    return () => clearTimeout(timer);
  },
});
