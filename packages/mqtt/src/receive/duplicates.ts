/**
 * Remembers which messages a subscription has seen, so that a redelivery is not handled twice. Pure.
 *
 * The key is (id, hash of the payload bytes): the broker's redelivery and our own resend are byte-equal, while old
 * peers use one id for several messages.
 *
 * 1. Per source at least the last 1 024 ids are kept and at most twice as many, over all subscriptions `maxEntries`.
 * 2. An id whose message is still being handled is never forgotten.
 * 3. After `ttlMs` a finished id is forgotten.
 */
import type { MessageKey, RunOutcome, Seen } from "./seen.ts";
import { SourceHistory } from "./source-history.ts";

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

  /**
   * A message came. What is returned has the very `key` that was given when it came for the first time, and is being
   * handled from now on; else it is the earlier arrival.
   */
  meet(key: MessageKey, nowMs: number): Seen {
    const history = this.#hear(key);
    const sizeBefore = history.size;
    const seen = history.meet(key, { nowMs, ttlMs: this.#ttlMs });
    this.#entries += history.size - sizeBefore;
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
    if (seen.state === "running") {
      seen.state = "finished";
      seen.atMs = nowMs;
      if (outcome === "given_up") this.#forget(seen);
      else this.#historyOf(seen.key)?.finished(seen);
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
    const history = known ?? this.#open(key);
    this.#histories.delete(history);
    this.#histories.add(history);
    this.#latest = history;
    return history;
  }

  #open(key: MessageKey): SourceHistory {
    const history = new SourceHistory(key);
    const sources = this.#bySubscription.get(key.subscription) ?? new Map<string, SourceHistory>();
    sources.set(key.source, history);
    this.#bySubscription.set(key.subscription, sources);
    return history;
  }

  /** Over the bound of all sources together: the sources that have not been heard for longest give up what has ended. */
  #makeRoom(): void {
    for (const history of this.#histories) {
      this.#entries -= history.shed();
      if (history.size === 0) this.#drop(history);
      if (this.#entries <= this.#maxEntries) return;
    }
  }

  #forget(seen: Seen): void {
    const history = this.#historyOf(seen.key);
    if (history === undefined || !history.delete(seen)) return;
    this.#entries -= 1;
    if (history.size === 0) this.#drop(history);
  }

  #drop(history: SourceHistory): void {
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
