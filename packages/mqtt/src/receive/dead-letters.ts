/**
 * Keeps what could not be handled: one retained message each, so that it is there when somebody looks.
 *
 * 1. At most `max` are kept; over it the oldest is cleared. What is older than `maxAgeMs` is cleared at start.
 * 2. Over `perSecond`, refused, or unconfirmed after 10 s: the message is lost, counted and logged.
 * 3. `bury` always resolves, so that its message is acknowledged either way.
 */
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Meter } from "../meter.ts";
import type { Letter, Outcome } from "../publish/outbox.ts";
import { type DeadLetter, type DeadReason, describeError, describePayload, parseDeadLetter } from "./dead-letter.ts";

const CONFIRM_WITHIN_MS = 10_000;

export interface DeadLetterOptions {
  readonly prefix: string;
  readonly service: string;
  readonly max: number;
  readonly maxAgeMs: number;
  readonly perSecond: number;
}

export interface Deceased {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly isPrivate: boolean;
  readonly reason: DeadReason;
  readonly error: unknown;
  readonly attempts: number;
  readonly arrivedAtEpochMs: number;
  readonly source: string;
  readonly id: string;
  readonly correlationId: string | undefined;
  /** The same grave for the same message, so that it is buried once however often it comes. */
  readonly grave?: string;
}

export interface DeadLetterDeps {
  readonly options: DeadLetterOptions;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly nextId: () => string;
  /** Queues a retained message; throws when the outbox is full or the client closed. */
  readonly send: (letter: Letter) => void;
}

export class DeadLetters {
  readonly #deps: DeadLetterDeps;
  /** Topic of each kept letter and when it failed (epoch ms), oldest first. */
  readonly #kept = new Map<string, number>();
  #budget: number;
  #refilledAtMs: number;
  #complainedAtMs = Number.NEGATIVE_INFINITY;
  #lost = 0;

  constructor(deps: DeadLetterDeps) {
    this.#deps = deps;
    this.#budget = deps.options.perSecond;
    this.#refilledAtMs = deps.clock.nowMs();
  }

  /** The filter on which this service's own letters are read. */
  get filter(): string {
    return `${this.#deps.options.prefix}/${this.#deps.options.service}/+`;
  }

  get lostCount(): number {
    return this.#lost;
  }

  /** Never dead-lettered: what lies under the prefix already. */
  covers(topic: string): boolean {
    return topic.startsWith(`${this.#deps.options.prefix}/`);
  }

  /** One of our own letters, as the broker has it; an empty payload means that somebody cleared it. */
  found(topic: string, payload: Uint8Array): void {
    const letter = payload.byteLength === 0 ? undefined : parseDeadLetter(payload);
    if (letter === undefined) {
      this.#kept.delete(topic);
      return;
    }
    const failedAtMs = letter.failed_at * 1_000;
    if (this.#deps.clock.epochMs() - failedAtMs > this.#deps.options.maxAgeMs) this.#clear(topic);
    else if (!this.#kept.has(topic)) this.#kept.set(topic, failedAtMs);
    this.#trim();
  }

  /** Resolves when the letter is at the broker, or lost and counted. */
  bury(deceased: Deceased): Promise<void> {
    const { meter, log, options } = this.#deps;
    meter.count("dead_letters", { reason: deceased.reason });
    log.warn(
      {
        topic: deceased.topic,
        id: deceased.id,
        reason: deceased.reason,
        attempts: deceased.attempts,
        error: describeError(deceased.error, deceased),
      },
      "message dead-lettered",
    );
    if (!this.#takeBudget()) return this.#lose(deceased, "rate");
    const id = deceased.grave ?? this.#deps.nextId();
    const topic = `${options.prefix}/${options.service}/${id}`;
    const { promise, resolve } = Promise.withResolvers<void>();
    let isLate = false;
    const cancel = this.#deps.clock.setTimer(CONFIRM_WITHIN_MS, () => {
      isLate = true;
      resolve(this.#lose(deceased, "unconfirmed"));
    });
    const settled = (outcome: Outcome): void => {
      cancel();
      if (outcome.kind === "confirmed") this.#remember(topic);
      // Once it is late it is counted as lost already.
      resolve(outcome.kind === "confirmed" || isLate ? undefined : this.#lose(deceased, outcome.reason));
    };
    try {
      this.#deps.send({ id, topic, label: options.prefix, payload: this.#write(id, deceased), settled });
    } catch {
      cancel();
      return this.#lose(deceased, "outbox");
    }
    return promise;
  }

  #write(id: string, deceased: Deceased): Uint8Array {
    const letter: DeadLetter = {
      id,
      topic: deceased.topic,
      reason: deceased.reason,
      error: describeError(deceased.error, deceased),
      attempts: deceased.attempts,
      first_at: deceased.arrivedAtEpochMs / 1_000,
      failed_at: this.#deps.clock.epochMs() / 1_000,
      source: deceased.source,
      original_id: deceased.id,
      ...(deceased.correlationId !== undefined && { correlation_id: deceased.correlationId }),
      ...describePayload(deceased.payload, deceased),
    };
    return Buffer.from(JSON.stringify(letter));
  }

  #remember(topic: string): void {
    this.#kept.delete(topic);
    this.#kept.set(topic, this.#deps.clock.epochMs());
    this.#trim();
  }

  #trim(): void {
    while (this.#kept.size > this.#deps.options.max) {
      const [oldest] = [...this.#kept].reduce((a, b) => (b[1] < a[1] ? b : a));
      this.#clear(oldest);
    }
  }

  #clear(topic: string): void {
    this.#kept.delete(topic);
    const { send, nextId, options } = this.#deps;
    try {
      send({ id: nextId(), topic, label: options.prefix, payload: new Uint8Array(), settled: () => undefined });
    } catch {
      // Full or closed: the letter stays, and the next start clears it by its age.
    }
  }

  #takeBudget(): boolean {
    const { clock, options } = this.#deps;
    const nowMs = clock.nowMs();
    const refill = ((nowMs - this.#refilledAtMs) / 1_000) * options.perSecond;
    this.#budget = Math.min(options.perSecond, this.#budget + refill);
    this.#refilledAtMs = nowMs;
    if (this.#budget < 1) return false;
    this.#budget -= 1;
    return true;
  }

  #lose({ topic, id, reason }: Deceased, why: string): Promise<void> {
    this.#lost += 1;
    this.#deps.meter.count("dead_letters_lost", { why });
    const nowMs = this.#deps.clock.nowMs();
    if (nowMs - this.#complainedAtMs >= 1_000) {
      this.#complainedAtMs = nowMs;
      this.#deps.log.error({ topic, id, reason, why, lost: this.#lost }, "dead letter lost");
    }
    return Promise.resolve();
  }
}
