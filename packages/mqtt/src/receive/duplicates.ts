/**
 * Remembers which messages a subscription has seen, so that a redelivery is not handled twice. Pure.
 *
 * The key is (id, hash of the payload bytes): the broker's redelivery and our own resend are byte-equal, while old
 * peers use one id for several messages.
 *
 * 1. Per source the last 1 024 ids are kept, over all subscriptions at most `maxEntries`.
 * 2. An id whose message is still being handled is never forgotten.
 * 3. After `ttlMs` a finished id is forgotten.
 */
import { Fifo } from "../fifo.ts";

/** One message of one source, as one subscription sees it. */
export interface MessageKey {
  readonly subscription: number;
  readonly source: string;
  readonly id: string;
  readonly hash: number;
}

/** `given_up`: the message was not acknowledged and shall come again. */
export type RunOutcome = "finished" | "given_up";

export interface Seen {
  readonly key: MessageKey;
  state: "running" | "finished" | "forgotten";
  atMs: number;
  /** Duplicates that are told when this run has ended. */
  joined: ((outcome: RunOutcome) => void)[] | undefined;
}

const PER_SOURCE = 1_024;

class SourceHistory {
  readonly subscription: number;
  readonly source: string;
  /** By id; a further message under an id that is taken by id and hash. */
  readonly #seen = new Map<string, Seen>();
  /** In the order they ended, oldest first; some may be forgotten already. */
  readonly #finished = new Fifo<Seen>();
  /** How many stand under id and hash. */
  #sharedIds = 0;

  constructor({ subscription, source }: MessageKey) {
    this.subscription = subscription;
    this.source = source;
  }

  get size(): number {
    return this.#seen.size;
  }

  find({ id, hash }: MessageKey): Seen | undefined {
    const seen = this.#seen.get(id);
    if (seen !== undefined && seen.key.hash === hash) return seen;
    return this.#sharedIds === 0 ? undefined : this.#seen.get(`${id}:${hash}`);
  }

  add(seen: Seen): void {
    const { id, hash } = seen.key;
    if (this.#seen.has(id)) {
      this.#sharedIds += 1;
      this.#seen.set(`${id}:${hash}`, seen);
    } else {
      this.#seen.set(id, seen);
    }
  }

  finished(seen: Seen): void {
    while (this.#finished.peek()?.state === "forgotten") this.#finished.shift();
    this.#finished.push(seen);
  }

  delete(seen: Seen): void {
    seen.state = "forgotten";
    const { id, hash } = seen.key;
    if (this.#seen.get(id) === seen) this.#seen.delete(id);
    else if (this.#seen.delete(`${id}:${hash}`)) this.#sharedIds -= 1;
  }

  /** The one that ended longest ago, taken out of the order. */
  oldestFinished(): Seen | undefined {
    for (;;) {
      const seen = this.#finished.shift();
      if (seen === undefined || seen.state === "finished") return seen;
    }
  }
}

export class DuplicateFilter {
  readonly #ttlMs: number;
  readonly #maxEntries: number;
  readonly #bySubscription = new Map<number, Map<string, SourceHistory>>();
  /** The one heard longest ago first. */
  readonly #histories = new Set<SourceHistory>();
  #latest: SourceHistory | undefined;
  #entries = 0;

  constructor(options: { readonly ttlMs: number; readonly maxEntries: number }) {
    this.#ttlMs = options.ttlMs;
    this.#maxEntries = options.maxEntries;
  }

  get size(): number {
    return this.#entries;
  }

  /** The earlier arrival of this message, if there is one that still counts. */
  find(key: MessageKey, nowMs: number): Seen | undefined {
    const history = this.#historyOf(key);
    const seen = history?.find(key);
    if (history === undefined || seen === undefined) return undefined;
    if (seen.state === "running" || nowMs - seen.atMs <= this.#ttlMs) return seen;
    this.#forget(history, seen);
    return undefined;
  }

  /** A first arrival: it is being handled from now on. */
  begin(key: MessageKey, nowMs: number): Seen {
    const history = this.#hear(key);
    const seen: Seen = { key, state: "running", atMs: nowMs, joined: undefined };
    history.add(seen);
    this.#entries += 1;
    if (history.size > PER_SOURCE) this.#forgetOldest(history);
    if (this.#entries > this.#maxEntries) this.#makeRoom();
    return seen;
  }

  /** A duplicate came while the first is being handled; it is told how that ended. */
  join(seen: Seen, tell: (outcome: RunOutcome) => void): void {
    seen.joined ??= [];
    seen.joined.push(tell);
  }

  /** The run has ended; one that was given up is forgotten. */
  end(seen: Seen, { outcome, nowMs }: { readonly outcome: RunOutcome; readonly nowMs: number }): void {
    const history = this.#historyOf(seen.key);
    if (history !== undefined && seen.state === "running") {
      if (outcome === "given_up") {
        this.#forget(history, seen);
      } else {
        seen.state = "finished";
        seen.atMs = nowMs;
        history.finished(seen);
        if (history.size > PER_SOURCE) this.#forgetOldest(history);
      }
    }
    const { joined } = seen;
    seen.joined = undefined;
    if (joined !== undefined) for (const tell of joined) tell(outcome);
  }

  #historyOf({ subscription, source }: MessageKey): SourceHistory | undefined {
    const latest = this.#latest;
    if (latest !== undefined && latest.subscription === subscription && latest.source === source) return latest;
    return this.#bySubscription.get(subscription)?.get(source);
  }

  #hear(key: MessageKey): SourceHistory {
    const known = this.#historyOf(key);
    if (known !== undefined && known === this.#latest) return known;
    const history = known ?? new SourceHistory(key);
    if (known === undefined) this.#register(history);
    this.#histories.delete(history);
    this.#histories.add(history);
    this.#latest = history;
    return history;
  }

  #register(history: SourceHistory): void {
    const sources = this.#bySubscription.get(history.subscription) ?? new Map<string, SourceHistory>();
    sources.set(history.source, history);
    this.#bySubscription.set(history.subscription, sources);
  }

  #forgetOldest(history: SourceHistory): boolean {
    const oldest = history.oldestFinished();
    if (oldest === undefined) return false;
    this.#forget(history, oldest);
    return true;
  }

  /** Over the bound of all sources together: the source that has not been heard for longest gives one up. */
  #makeRoom(): void {
    for (const history of this.#histories) if (this.#forgetOldest(history)) return;
  }

  #forget(history: SourceHistory, seen: Seen): void {
    history.delete(seen);
    this.#entries -= 1;
    if (history.size > 0) return;
    const { subscription, source } = history;
    this.#histories.delete(history);
    if (this.#latest === history) this.#latest = undefined;
    const sources = this.#bySubscription.get(subscription);
    sources?.delete(source);
    if (sources?.size === 0) this.#bySubscription.delete(subscription);
  }
}

/** FNV-1a, 32 bits: the same in every process and version. Source: the FNV draft, offset basis 0x811c9dc5, prime 0x01000193. */
export function hash32(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < bytes.length; index += 1) {
    hash = Math.imul(hash ^ (bytes[index] ?? 0), 0x01000193);
  }
  return hash >>> 0;
}
