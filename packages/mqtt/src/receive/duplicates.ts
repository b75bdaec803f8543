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
  /** Oldest first. */
  readonly seen: Map<string, Seen>;
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
    const seen = this.#sources.get(scope)?.seen.get(key);
    if (seen === undefined || seen.state === "running" || nowMs - seen.atMs <= this.#ttlMs) return seen;
    this.#forget(seen);
    return undefined;
  }

  /** A first arrival: it is being handled from now on. */
  begin(scope: string, key: string, nowMs: number): Seen {
    const history = this.#hear(scope);
    const seen: Seen = { scope, key, state: "running", atMs: nowMs, joined: [] };
    history.seen.set(key, seen);
    this.#entries += 1;
    if (history.seen.size > PER_SOURCE) this.#forgetOldest(history);
    if (this.#entries > this.#maxEntries) this.#makeRoom();
    return seen;
  }

  /** The run has ended; `given_up` forgets it, because the message was not acknowledged and shall come again. */
  end(seen: Seen, { outcome, nowMs }: { readonly outcome: "finished" | "given_up"; readonly nowMs: number }): void {
    seen.state = "finished";
    seen.atMs = nowMs;
    if (outcome === "given_up") this.#forget(seen);
    for (const tell of seen.joined.splice(0)) tell(outcome);
  }

  #hear(scope: string): SourceHistory {
    const known = this.#sources.get(scope);
    if (known !== undefined && known === this.#latest) return known;
    const history = known ?? { seen: new Map<string, Seen>() };
    this.#sources.delete(scope);
    this.#sources.set(scope, history);
    this.#latest = history;
    return history;
  }

  #forgetOldest({ seen }: SourceHistory): boolean {
    for (const entry of seen.values()) {
      if (entry.state === "running") continue;
      this.#forget(entry);
      return true;
    }
    return false;
  }

  /** Over the bound of all sources together: the source that has not been heard for longest gives one up. */
  #makeRoom(): void {
    for (const history of this.#sources.values()) if (this.#forgetOldest(history)) return;
  }

  #forget(seen: Seen): void {
    const history = this.#sources.get(seen.scope);
    if (history?.seen.get(seen.key) !== seen) return;
    history.seen.delete(seen.key);
    this.#entries -= 1;
    if (history.seen.size === 0) this.#sources.delete(seen.scope);
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
