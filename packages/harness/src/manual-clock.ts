/** A clock that moves when it is told to. */
export interface ManualClock {
  /** A function of its own, so that it can be handed over. Starts at 1 000 000, so that no test passes because 0 is falsy. */
  readonly nowMs: () => number;
  /** Calls `fire` once when the clock has moved by `afterMs`; the returned function cancels. */
  readonly setTimer: (afterMs: number, fire: () => void) => () => void;
  /** How many timers wait. */
  readonly pendingCount: number;
  /**
   * Moves the clock, firing each timer at its own time, equal times in the order they were set. What a timer starts may
   * set further timers: promises are let run before the clock moves on. What a timer throws is thrown here.
   */
  advance(byMs: number): Promise<void>;
}

interface Timer {
  readonly atMs: number;
  readonly fire: () => void;
}

/** A clock that stands still. */
export function manualClock(startMs = 1_000_000): ManualClock {
  const timers = new Set<Timer>();
  let nowMs = startMs;
  const earliest = (): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of timers) if (first === undefined || timer.atMs < first.atMs) first = timer;
    return first;
  };
  return {
    nowMs: () => nowMs,
    get pendingCount() {
      return timers.size;
    },
    setTimer: (afterMs, fire) => {
      const timer = { atMs: nowMs + Math.max(0, afterMs), fire };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance: async (byMs) => {
      const endMs = nowMs + byMs;
      await settle();
      for (let timer = earliest(); timer !== undefined && timer.atMs <= endMs; timer = earliest()) {
        timers.delete(timer);
        nowMs = timer.atMs;
        timer.fire();
        await settle();
      }
      nowMs = endMs;
    },
  };
}

/** One turn of the event loop: every promise that can go on has gone on. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
