/**
 * Messages that a crash of the publisher does not lose: on the disk before `publish` returns, off it when they have had their end.
 *
 *   publish ──▶ stored ──▶ queued ──confirmed, or declared lost──▶ removed
 *                 │           └──client closed, process killed──▶ stored
 *                 └──next life──▶ queued, in the order of old and ahead of everything new
 */
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { MessageStore, StoredMessage } from "../state-store.ts";
import type { Outcome, Outgoing } from "./outbox.ts";
import type { Sender } from "./sender.ts";

export interface DurableMessagesDeps {
  /** Undefined without a state directory: durable messages are then kept in memory like any others. */
  readonly store: MessageStore | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export class DurableMessages {
  readonly #deps: DurableMessagesDeps;
  #isWarned = false;

  constructor(deps: DurableMessagesDeps) {
    this.#deps = deps;
  }

  /** The same message, stored. It waits as long as it is of worth. @throws {NotStoredError} */
  keep(outgoing: Outgoing): Outgoing {
    const { store, clock } = this.#deps;
    if (store === undefined) {
      this.#warnOnce(outgoing);
      return outgoing;
    }
    const { id, topic, label, payload, acceptedAtMs, expiresAtMs } = outgoing;
    const ttlMs = Number.isFinite(expiresAtMs) ? expiresAtMs - acceptedAtMs : undefined;
    store.put({ id, topic, label, payload, acceptedAtEpochMs: clock.epochMs(), ttlMs });
    return {
      ...outgoing,
      giveUpAtMs: expiresAtMs,
      settled: (outcome, sent, entry) => {
        // Told first: a crash in between tells it twice, and loses nothing unsaid.
        outgoing.settled(outcome, isInterrupted(outcome) ? "maybe" : sent, entry);
        if (!isInterrupted(outcome)) store.remove(id);
      },
    };
  }

  /** Whether a message that ended so is still stored: the next life sends it, so nobody is told that it is lost. */
  outlives(outcome: Outcome): boolean {
    return this.#deps.store !== undefined && isInterrupted(outcome);
  }

  /** Queues what earlier lives left; `ended` hears of each message's end, except by closing. */
  resume(sender: Sender, ended: (message: StoredMessage, outcome: Outcome) => void): void {
    this.#deps.store?.onFound((messages) => {
      this.#deps.log.info({ messages: messages.length }, "sending durable messages of an earlier life");
      for (const message of messages) sender.enqueue(this.#revive(message, ended));
    });
  }

  /**
   * No monotonic clock outlives the process, so the time to live goes on by this machine's own calendar: one that was set back
   * meanwhile adds nothing to it, one that was set forward may end it early, and the end is told.
   */
  #revive(message: StoredMessage, ended: (message: StoredMessage, outcome: Outcome) => void): Outgoing {
    const { store, clock } = this.#deps;
    const { id, topic, label, payload, acceptedAtEpochMs, ttlMs = Number.POSITIVE_INFINITY } = message;
    const nowMs = clock.nowMs();
    const expiresAtMs = nowMs + ttlMs - Math.max(0, clock.epochMs() - acceptedAtEpochMs);
    return {
      ...{ id, topic, label, payload, expiresAtMs, giveUpAtMs: expiresAtMs, acceptedAtMs: nowMs },
      retain: false,
      replaces: false,
      settled: (outcome) => {
        ended(message, outcome);
        if (!isInterrupted(outcome)) store?.remove(id);
      },
    };
  }

  #warnOnce({ label }: Outgoing): void {
    if (this.#isWarned) return;
    this.#isWarned = true;
    this.#deps.log.warn(
      { topic: label },
      "a durable message without a state directory is lost if this process crashes",
    );
  }
}

/** The client closed first: nothing is wrong with the message. */
function isInterrupted(outcome: Outcome): boolean {
  return outcome.kind === "undelivered" && outcome.reason === "closed";
}
