/**
 * Makes the broker's subscriptions agree with ours: on every CONNACK all of them (whether the session is present,
 * absent, or a lie), afterwards each change, batched per tick, and what the broker refused, again and again.
 */
import type { Clock } from "../clock.ts";
import { SubscriptionRefusedError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Connack, Transport } from "../transport/transport.ts";
import { RefusedFilters } from "./refused-filters.ts";
import type { SubscriptionRecord } from "./subscription.ts";
import { type SubscriptionTable, subscribeEntryOf, type Wanted } from "./subscription-table.ts";

/** A promise for whoever waits on `active`. */
export interface Activation {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

type WantedFilter = Wanted<SubscriptionRecord>;

interface SubscriberDeps {
  readonly table: SubscriptionTable<SubscriptionRecord>;
  readonly log: Log;
  readonly clock: Pick<Clock, "setTimer">;
  readonly random: () => number;
}

export class Subscriber {
  readonly #table: SubscriptionTable<SubscriptionRecord>;
  readonly #log: Log;
  readonly #refused: RefusedFilters;
  #connection: { readonly transport: Transport; readonly withIds: boolean } | undefined;
  readonly #activations = new Map<SubscriptionRecord, Activation>();
  #pending = new Set<WantedFilter>();
  #goodbyes: string[] = [];
  #planned = false;

  constructor({ table, log, ...later }: SubscriberDeps) {
    this.#table = table;
    this.#log = log;
    this.#refused = new RefusedFilters({ ...later, askAgain: (filter) => this.#ask(filter) });
  }

  /** Subscribes to everything; resolves with true when the broker has answered, also when it refused some. */
  connected(transport: Transport, connack: Connack): Promise<boolean> {
    this.#connection = { transport, withIds: transport.protocol === "5" && connack.subscriptionIdsAvailable };
    this.#pending.clear();
    this.#refused.clear();
    this.#goodbyes = [];
    return this.#subscribe(this.#table.all());
  }

  disconnected(): void {
    this.#connection = undefined;
    this.#pending.clear();
    this.#refused.clear();
    for (const { subscribers } of this.#table.all()) for (const { reached } of subscribers) reached?.({ kind: "lost" });
  }

  add(record: SubscriptionRecord, activation: Activation): void {
    this.#activations.set(record, activation);
    this.#pending.add(this.#table.add(record));
    this.#plan();
  }

  remove(record: SubscriptionRecord): void {
    this.#activations.get(record)?.resolve();
    this.#activations.delete(record);
    const filter = this.#table.remove(record);
    if (filter === undefined || this.#connection === undefined) return;
    this.#refused.forget(filter);
    this.#goodbyes.push(filter);
    this.#plan();
  }

  /** Nothing will be subscribed any more. */
  close(error: Error): void {
    this.#refused.clear();
    for (const { reject } of this.#activations.values()) reject(error);
    this.#activations.clear();
  }

  #ask(filter: string): void {
    const wanted = this.#table.get(filter);
    if (wanted === undefined) return;
    this.#pending.add(wanted);
    this.#plan();
  }

  #plan(): void {
    if (this.#planned || this.#connection === undefined) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      void this.#reconcile();
    });
  }

  async #reconcile(): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined) return;
    const goodbyes = this.#goodbyes.splice(0).filter((filter) => !this.#table.has(filter));
    const wanted = [...this.#pending].filter(({ subscribers }) => subscribers.size > 0);
    this.#pending = new Set();
    if (goodbyes.length > 0) connection.transport.unsubscribe(goodbyes).catch(() => undefined); // Ended: gone anyway, or an orphan later.
    await this.#subscribe(wanted);
  }

  /** Resolves with false when the connection ended before the broker had answered. */
  async #subscribe(wanted: readonly WantedFilter[]): Promise<boolean> {
    const connection = this.#connection;
    if (connection === undefined) return false;
    if (wanted.length === 0) return true;
    const entries = wanted.map((entry) => subscribeEntryOf(entry, connection));
    if (connection.transport.protocol === "3.1.1") this.#warnOfShares(wanted);
    try {
      const codes = await connection.transport.subscribe(entries);
      if (connection !== this.#connection) return false;
      for (const [index, entry] of wanted.entries()) this.#answered(entry, codes[index] ?? 0x80);
      return true;
    } catch (error) {
      // The next CONNACK subscribes to everything again.
      this.#log.debug({ err: error, filters: entries.length }, "subscribing was cut short");
      return false;
    }
  }

  /** MQTT 3.1.1 has no shared subscriptions: some brokers have them all the same, others grant and deliver nothing. */
  #warnOfShares(wanted: readonly WantedFilter[]): void {
    for (const { filter } of wanted) {
      if (filter.startsWith("$share/"))
        this.#log.warn({ filter }, "a shared subscription on MQTT 3.1.1 may hear nothing");
    }
  }

  #answered({ filter, subscribers }: WantedFilter, code: number): void {
    const error = code < 0x80 ? undefined : new SubscriptionRefusedError({ filter, reasonCode: code });
    if (error === undefined) {
      if (this.#refused.forget(filter)) this.#log.info({ filter }, "subscription granted after all");
    } else if (this.#refused.refused(filter)) this.#log.error({ err: error, filter }, "subscription refused");
    for (const record of subscribers) {
      const activation = this.#activations.get(record);
      if (error === undefined) activation?.resolve();
      else activation?.reject(error);
      record.reached?.(error === undefined ? { kind: "active" } : { kind: "refused", error });
    }
  }
}
