/**
 * Filters that the broker refused, to be asked for again while the connection stands. Some brokers refuse for the moment
 * (a NATS cluster with 550 subscriptions at once: docs/scale.md), after which a client was deaf until its next connection; and rights can be given to whoever waits.
 */
import type { Clock } from "../clock.ts";
import { type BackoffBounds, nextDelayMs } from "../link/backoff.ts";

/** A right that is missing is asked for once a minute at most. */
const BOUNDS: BackoffBounds = { minDelayMs: 1_000, maxDelayMs: 60_000 };

interface Refusal {
  readonly count: number;
  readonly cancel: () => void;
}

interface Deps {
  readonly clock: Pick<Clock, "setTimer">;
  readonly random: () => number;
  readonly askAgain: (filter: string) => void;
}

export class RefusedFilters {
  readonly #deps: Deps;
  readonly #refusals = new Map<string, Refusal>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Asks again later. True when it is the first refusal on this connection. */
  refused(filter: string): boolean {
    const { clock, random, askAgain } = this.#deps;
    const before = this.#refusals.get(filter);
    before?.cancel();
    const failures = before?.count ?? 0;
    const delayMs = nextDelayMs(BOUNDS, { failures, pace: "normal", random: random() });
    const cancel = clock.setTimer(delayMs, () => askAgain(filter));
    this.#refusals.set(filter, { count: failures + 1, cancel });
    return before === undefined;
  }

  /** It was granted, or nobody wants it any more. True when it had been refused on this connection. */
  forget(filter: string): boolean {
    this.#refusals.get(filter)?.cancel();
    return this.#refusals.delete(filter);
  }

  /** The connection has ended: the next one asks for everything. */
  clear(): void {
    for (const { cancel } of this.#refusals.values()) cancel();
    this.#refusals.clear();
  }
}
