/**
 * Reports what keeps the event loop from turning: no ping, no stop and no other key gets through meanwhile.
 *
 * A handler that blocks in one go, before its first `await`, is named exactly. For anything else the lateness of a
 * timer tells that the loop stood still; the report names the handlers that ended while the timer was overdue, and
 * without any those that were running.
 */
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Meter } from "../meter.ts";

/** Shorter pauses are garbage collection and ordinary work. */
const BLOCKED_MS = 500;
const LOOK_EVERY_MS = 1_000;
/** So many topics a report names. */
const MAX_NAMED = 16;

export class LoopWatch {
  readonly #deps: { readonly clock: Clock; readonly log: Log; readonly meter: Meter };
  readonly #running = new Map<string, number>();
  /** Topics whose handlers ended since the timer is overdue: one of them kept it waiting. */
  readonly #suspects = new Set<string>();
  #dueAtMs = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;
  #reportedAtMs = Number.NEGATIVE_INFINITY;

  constructor(deps: { readonly clock: Clock; readonly log: Log; readonly meter: Meter }) {
    this.#deps = deps;
  }

  start(): void {
    const { clock } = this.#deps;
    this.#dueAtMs = clock.nowMs() + LOOK_EVERY_MS;
    this.#cancel = clock.setTimer(LOOK_EVERY_MS, () => {
      this.#look(clock.nowMs() - this.#dueAtMs);
      this.start();
    });
  }

  stop(): void {
    this.#cancel?.();
  }

  /** A handler of this topic goes on after its first await; the returned function says that it ended. */
  enter(topic: string): () => void {
    this.#running.set(topic, (this.#running.get(topic) ?? 0) + 1);
    return () => {
      this.ended(topic, this.#deps.clock.nowMs());
      const left = (this.#running.get(topic) ?? 1) - 1;
      if (left === 0) this.#running.delete(topic);
      else this.#running.set(topic, left);
    };
  }

  /** A handler ended, monotonic ms. */
  ended(topic: string, nowMs: number): void {
    if (nowMs - this.#dueAtMs >= BLOCKED_MS) this.#suspects.add(topic);
  }

  /** The first, synchronous part of a handler ran so long, monotonic ms; reported when that is too long. */
  ran(
    topic: string,
    { label, fromMs, toMs }: { readonly label: string; readonly fromMs: number; readonly toMs: number },
  ): void {
    const blockedMs = toMs - fromMs;
    if (blockedMs >= BLOCKED_MS)
      this.#report({ topic, blockedMs: Math.round(blockedMs) }, { label, message: "handler blocked the event loop" });
  }

  #look(lateMs: number): void {
    const { clock } = this.#deps;
    const named = this.#suspects.size > 0 ? this.#suspects : this.#running.keys();
    const handling = [...named].slice(0, MAX_NAMED);
    this.#suspects.clear();
    // A late timer tells of the same pause that a handler was already named for.
    if (lateMs < BLOCKED_MS || clock.nowMs() - this.#reportedAtMs < lateMs + LOOK_EVERY_MS) return;
    this.#report({ blockedMs: Math.round(lateMs), handling }, { label: "", message: "event loop blocked" });
  }

  #report(
    fields: { readonly blockedMs: number; readonly topic?: string; readonly handling?: readonly string[] },
    { label, message }: { readonly label: string; readonly message: string },
  ): void {
    const { clock, log, meter } = this.#deps;
    this.#reportedAtMs = clock.nowMs();
    meter.duration("loop_blocked_ms", fields.blockedMs, { topic: label });
    log.error(fields, message);
  }
}
