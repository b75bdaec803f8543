/**
 * The messages of one source that one subscription remembers, in two generations: when the younger one has its number, the
 * older one is dropped as a whole. So nothing is ever searched for what to forget. Pure.
 */
import type { MessageKey, Seen } from "./seen.ts";

/** So many messages make a generation. */
export const GENERATION = 1_024;

export class SourceHistory {
  readonly subscription: number;
  readonly source: string;
  /** By id; a further message under an id that is taken by id and hash. */
  #younger = new Map<string, Seen>();
  #older = new Map<string, Seen>();
  /** Messages that came since the generations changed. */
  #fresh = 0;
  /** Whether anything stands under id and hash. */
  #sharesIds = false;

  constructor({ subscription, source }: MessageKey) {
    this.subscription = subscription;
    this.source = source;
  }

  get size(): number {
    return this.#younger.size + this.#older.size;
  }

  /** The earlier arrival of this message that still counts, else what is remembered of it from now on. */
  meet(key: MessageKey, { nowMs, ttlMs }: { readonly nowMs: number; readonly ttlMs: number }): Seen {
    const { id, hash } = key;
    let name = id;
    let known = this.#get(id);
    if (known !== undefined && known.key.hash !== hash) {
      this.#sharesIds = true;
      name = `${id}:${hash}`;
      known = this.#get(name);
    } else if (known === undefined && this.#sharesIds) {
      known = this.#get(`${id}:${hash}`);
    }
    if (known !== undefined) {
      if (known.state === "running" || nowMs - known.atMs <= ttlMs) return known;
      this.delete(known);
    }
    if (this.#fresh >= GENERATION) this.#age();
    this.#fresh += 1;
    const seen: Seen = { key, state: "running", atMs: nowMs, joined: undefined };
    this.#younger.set(name, seen);
    return seen;
  }

  /** False when it is not here any more. */
  delete({ key: { id, hash } }: Seen): boolean {
    const name = this.#get(id)?.key.hash === hash ? id : `${id}:${hash}`;
    return this.#younger.delete(name) || this.#older.delete(name);
  }

  /** Gives up what has ended, of the older generation first; returns how many that were. */
  shed(): number {
    const before = this.size;
    this.#older = running(this.#older);
    if (this.size === before) this.#younger = running(this.#younger);
    return before - this.size;
  }

  #get(name: string): Seen | undefined {
    return this.#younger.get(name) ?? this.#older.get(name);
  }

  /** What is still being handled is carried on. */
  #age(): void {
    const carried = running(this.#older);
    this.#older = this.#younger;
    this.#younger = carried;
    this.#fresh = 0;
  }
}

function running(generation: ReadonlyMap<string, Seen>): Map<string, Seen> {
  const kept = new Map<string, Seen>();
  for (const [name, seen] of generation) if (seen.state === "running") kept.set(name, seen);
  return kept;
}
