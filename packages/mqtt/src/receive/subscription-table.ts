/**
 * What this client wants to hear on one link, and which subscription a packet belongs to. Pure.
 *
 * A broker keeps one subscription per filter, so subscriptions of the same filter share one entry. Its identifier
 * (MQTT 5) is a hash of the filter: the same in every process life, so a session's backlog finds its way.
 */
import { FilterTrie, matches } from "../contract/index.ts";
import { hash32 } from "./duplicates.ts";

export interface Subscriber {
  /** With `$share/{group}/` in front when shared. */
  readonly filter: string;
  readonly qos: 0 | 1;
  /** Wants the retained value at each SUBSCRIBE. */
  readonly wantsRetained: boolean;
}

export interface Wanted<S extends Subscriber> {
  readonly filter: string;
  /** Without the share. */
  readonly coverage: string;
  readonly id: number;
  readonly subscribers: Set<S>;
}

/** More topics than a robot has; over it the answers are looked for again. */
const MAX_KNOWN_TOPICS = 4_096;

/** MQTT 5.0, 3.8.2.1.2. */
const MAX_SUBSCRIPTION_ID = 268_435_455;

export class SubscriptionTable<S extends Subscriber> {
  readonly #byFilter = new Map<string, Wanted<S>>();
  readonly #byId = new Map<number, Wanted<S>>();
  readonly #trie = new FilterTrie<Wanted<S>>();
  /** Answers that were given, until a subscription comes or goes. */
  readonly #known = new Map<string, { readonly id: number | undefined; readonly subscribers: readonly S[] }>();

  /** Adds a subscriber; the entry is the one to subscribe to (again). */
  add(subscriber: S): Wanted<S> {
    this.#known.clear();
    const known = this.#byFilter.get(subscriber.filter);
    if (known !== undefined) {
      known.subscribers.add(subscriber);
      return known;
    }
    const wanted: Wanted<S> = {
      filter: subscriber.filter,
      coverage: withoutShare(subscriber.filter),
      id: this.#freeId(subscriber.filter),
      subscribers: new Set([subscriber]),
    };
    this.#byFilter.set(wanted.filter, wanted);
    this.#byId.set(wanted.id, wanted);
    this.#trie.add(wanted.coverage, wanted);
    return wanted;
  }

  /** Removes a subscriber; the filter to unsubscribe from when it was the last one. */
  remove(subscriber: S): string | undefined {
    this.#known.clear();
    const wanted = this.#byFilter.get(subscriber.filter);
    if (wanted === undefined || !wanted.subscribers.delete(subscriber) || wanted.subscribers.size > 0) return undefined;
    this.#byFilter.delete(wanted.filter);
    this.#byId.delete(wanted.id);
    this.#trie.remove(wanted.coverage, wanted);
    return wanted.filter;
  }

  has(filter: string): boolean {
    return this.#byFilter.has(filter);
  }

  get(filter: string): Wanted<S> | undefined {
    return this.#byFilter.get(filter);
  }

  all(): readonly Wanted<S>[] {
    return [...this.#byFilter.values()];
  }

  /**
   * Whom a packet is for. With identifiers: the entries they name. Without: all that match. A packet that carries
   * only identifiers we do not know belongs to a filter of an earlier version of ours: nobody.
   */
  match(topic: string, subscriptionIds: readonly number[]): readonly S[] {
    if (subscriptionIds.length > 1) return this.#search(topic, subscriptionIds);
    const [id] = subscriptionIds;
    const known = this.#known.get(topic);
    if (known !== undefined && known.id === id) return known.subscribers;
    const subscribers = this.#search(topic, subscriptionIds);
    if (this.#known.size >= MAX_KNOWN_TOPICS) this.#known.clear();
    this.#known.set(topic, { id, subscribers });
    return subscribers;
  }

  #search(topic: string, subscriptionIds: readonly number[]): readonly S[] {
    const wanted = subscriptionIds.length === 0 ? this.#trie.match(topic) : this.#named(topic, subscriptionIds);
    return wanted.flatMap(({ subscribers }) => [...subscribers]);
  }

  #named(topic: string, ids: readonly number[]): readonly Wanted<S>[] {
    return ids.flatMap((id) => {
      const wanted = this.#byId.get(id);
      return wanted !== undefined && matches(wanted.coverage, topic) ? [wanted] : [];
    });
  }

  #freeId(filter: string): number {
    let id = (hash32(Buffer.from(filter)) % MAX_SUBSCRIPTION_ID) + 1;
    while (this.#byId.has(id)) id = (id % MAX_SUBSCRIPTION_ID) + 1;
    return id;
  }
}

/** `$share/group/a/b` covers what `a/b` covers. */
export function withoutShare(filter: string): string {
  return filter.startsWith("$share/") ? filter.split("/").slice(2).join("/") : filter;
}

/** QoS and retain handling of one SUBSCRIBE that serves all subscribers of a filter. */
export function subscribeEntryOf<S extends Subscriber>(wanted: Wanted<S>, { withIds }: { readonly withIds: boolean }) {
  const subscribers = [...wanted.subscribers];
  const qos: 0 | 1 = subscribers.some((subscriber) => subscriber.qos === 1) ? 1 : 0;
  const retainHandling: 0 | 2 = subscribers.some(({ wantsRetained }) => wantsRetained) ? 0 : 2;
  return { filter: wanted.filter, qos, retainHandling, subscriptionId: withIds ? wanted.id : undefined };
}
