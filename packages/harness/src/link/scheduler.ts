/** The link's timers: besides `deadline.ts` the only file of the harness that has any. */
export interface Scheduler {
  /** Monotonic. */
  readonly nowMs: () => number;
  /** Calls `fire` once, not before `afterMs`; the returned function cancels. */
  readonly setTimer: (afterMs: number, fire: () => void) => () => void;
}

/** Real time. */
export const REAL_TIME: Scheduler = {
  nowMs: () => performance.now(),
  setTimer: (afterMs, fire) => {
    const timer = setTimeout(fire, Math.max(1, Math.ceil(afterMs)));
    return () => clearTimeout(timer);
  },
};
