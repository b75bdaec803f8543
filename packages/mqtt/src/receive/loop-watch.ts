/**
 * Reports what keeps the event loop from turning: no ping, no stop and no other key gets through meanwhile.
 *
 * A handler that blocks in one go, before its first `await`, is named exactly. For anything else the lateness of a
 * timer tells that the loop stood still, and the report names the handlers that were running.
 */
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Meter } from "../meter.ts";

/** Shorter pauses are garbage collection and ordinary work. */
const BLOCKED_MS = 500;
const LOOK_EVERY_MS = 1_000;

export class LoopWatch {
  readonly #deps: { readonly clock: Clock; readonly log: Log; readonly meter: Meter };
  readonly #running = new Map<string, number>();
  #cancel: (() => void) | undefined;
  #reportedAtMs = Number.NEGATIVE_INFINITY;

  constructor(deps: { readonly clock: Clock; readonly log: Log; readonly meter: Meter }) {
    this.#deps = deps;
  }

  start(): void {
    const { clock } = this.#deps;
    const dueAtMs = clock.nowMs() + LOOK_EVERY_MS;
    this.#cancel = clock.setTimer(LOOK_EVERY_MS, () => {
      this.#look(clock.nowMs() - dueAtMs);
      this.start();
    });
  }

  stop(): void {
    this.#cancel?.();
  }

  /** A handler of this topic begins; the returned function says that it ended. */
  enter(topic: string): () => void {
    this.#running.set(topic, (this.#running.get(topic) ?? 0) + 1);
    return () => {
      const left = (this.#running.get(topic) ?? 1) - 1;
      if (left === 0) this.#running.delete(topic);
      else this.#running.set(topic, left);
    };
  }

  /** Runs the first, synchronous part of a handler and reports it when it takes too long. */
  timed<T>(topic: string, work: () => T): T {
    const { clock } = this.#deps;
    const startedAtMs = clock.nowMs();
    try {
      return work();
    } finally {
      const blockedMs = clock.nowMs() - startedAtMs;
      if (blockedMs >= BLOCKED_MS)
        this.#report({ topic, blockedMs: Math.round(blockedMs) }, "handler blocked the event loop");
    }
  }

  #look(lateMs: number): void {
    const { clock } = this.#deps;
    // A late timer tells of the same pause that a handler was already named for.
    if (lateMs < BLOCKED_MS || clock.nowMs() - this.#reportedAtMs < lateMs + LOOK_EVERY_MS) return;
    const fields = { blockedMs: Math.round(lateMs), handling: [...this.#running.keys()] };
    this.#report(fields, "event loop blocked");
  }

  #report(fields: { readonly blockedMs: number; readonly topic?: string }, message: string): void {
    const { clock, log, meter } = this.#deps;
    this.#reportedAtMs = clock.nowMs();
    meter.duration(
      "loop_blocked_ms",
      fields.blockedMs,
      fields.topic === undefined ? undefined : { topic: fields.topic },
    );
    log.error(fields, message);
  }
}
