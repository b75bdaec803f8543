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

export interface Seen {
  readonly scope: string;
  readonly key: string;
  state: "running" | "finished";
  atMs: number;
  /** Told when the run that this duplicate joined has ended. */
  readonly joined: ((outcome: "finished" | "given_up") => void)[];
}

const PER_SOURCE = 1_024;

interface SourceHistory {
  readonly running: Map<string, Seen>;
  /** In the order they ended, oldest first; apart from the rest, so that forgetting one takes no search. */
  readonly finished: Map<string, Seen>;
}

export class DuplicateFilter {
  readonly #ttlMs: number;
  readonly #maxEntries: number;
  /** The one heard longest ago first. */
  readonly #sources = new Map<string, SourceHistory>();
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
  find(scope: string, key: string, nowMs: number): Seen | undefined {
    const history = this.#sources.get(scope);
    const seen = history?.running.get(key) ?? history?.finished.get(key);
    if (seen === undefined || seen.state === "running" || nowMs - seen.atMs <= this.#ttlMs) return seen;
    this.#forget(seen);
    return undefined;
  }

  /** A first arrival: it is being handled from now on. */
  begin(scope: string, key: string, nowMs: number): Seen {
    const history = this.#hear(scope);
    const seen: Seen = { scope, key, state: "running", atMs: nowMs, joined: [] };
    history.running.set(key, seen);
    this.#entries += 1;
    this.#trim(history);
    if (this.#entries > this.#maxEntries) this.#makeRoom();
    return seen;
  }

  /** The run has ended; `given_up` forgets it, because the message was not acknowledged and shall come again. */
  end(seen: Seen, { outcome, nowMs }: { readonly outcome: "finished" | "given_up"; readonly nowMs: number }): void {
    const history = this.#sources.get(seen.scope);
    if (history?.running.delete(seen.key) === true) {
      seen.state = "finished";
      seen.atMs = nowMs;
      history.finished.set(seen.key, seen);
      if (outcome === "given_up") this.#forget(seen);
      else this.#trim(history);
    }
    for (const tell of seen.joined.splice(0)) tell(outcome);
  }

  #hear(scope: string): SourceHistory {
    const known = this.#sources.get(scope);
    if (known !== undefined && known === this.#latest) return known;
    const history = known ?? { running: new Map<string, Seen>(), finished: new Map<string, Seen>() };
    this.#sources.delete(scope);
    this.#sources.set(scope, history);
    this.#latest = history;
    return history;
  }

  #trim(history: SourceHistory): void {
    if (history.running.size + history.finished.size > PER_SOURCE) this.#forgetOldest(history);
  }

  #forgetOldest({ finished }: SourceHistory): boolean {
    const oldest = finished.values().next().value;
    if (oldest === undefined) return false;
    this.#forget(oldest);
    return true;
  }

  /** Over the bound of all sources together: the source that has not been heard for longest gives one up. */
  #makeRoom(): void {
    for (const history of this.#sources.values()) if (this.#forgetOldest(history)) return;
  }

  #forget({ scope, key }: Seen): void {
    const history = this.#sources.get(scope);
    if (history === undefined || !history.finished.delete(key)) return;
    this.#entries -= 1;
    if (history.running.size + history.finished.size === 0) this.#sources.delete(scope);
  }
}

/** FNV-1a, 32 bits. Source: the FNV draft, offset basis 0x811c9dc5, prime 0x01000193. */
export function hash32(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < bytes.length; index += 1) {
    hash = Math.imul(hash ^ (bytes[index] ?? 0), 0x01000193);
  }
  return hash >>> 0;
}
