/** Time as the service needs it; tests hand in a manual one. */
export interface Clock {
  /** Monotonic milliseconds; only differences mean anything. */
  readonly nowMs: () => number;
  /** Calls `fire` once after `delayMs`; the returned function cancels it. */
  readonly setTimer: (delayMs: number, fire: () => void) => () => void;
}

/** The machine's own time; its timers keep the process alive until they fire or are cancelled. */
export const SYSTEM_CLOCK: Clock = Object.freeze({
  nowMs: () => performance.now(),
  setTimer: (delayMs: number, fire: () => void) => {
    const timer = setTimeout(fire, delayMs);
    return () => clearTimeout(timer);
  },
});

/** One timer that is always set to the next deadline. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Rings at `dueAtMs`, and at no other time; undefined: not at all. */
  set(dueAtMs: number | undefined): void {
    this.#cancel();
    this.#cancel = () => undefined;
    // Timers may fire a fraction of a millisecond early by the monotonic clock.
    if (dueAtMs !== undefined)
      this.#cancel = this.#clock.setTimer(Math.max(0, Math.ceil(dueAtMs - this.#clock.nowMs())), this.#ring);
  }
}
