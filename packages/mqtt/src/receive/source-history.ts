/**
 * The messages of one source that one subscription remembers, in two generations: when the younger one has its number, the
 * older one is dropped as a whole, but for what is still being handled. So nothing is ever searched for what to forget. Pure.
 */
import type { MessageKey, Seen } from "./seen.ts";

/** So many messages make a generation. */
export const GENERATION = 1_024;

type Name = number | string;

export class SourceHistory {
  readonly subscription: number;
  readonly source: string;
  /** By the hash of its bytes, which is found sooner than a text; a further message with a hash that is taken by id and hash. */
  #younger = new Map<Name, Seen>();
  #older = new Map<Name, Seen>();
  /** What was still being handled when its generation was dropped; moved there once, and back at its end. */
  readonly #slow = new Map<Name, Seen>();
  /** Messages that came since the generations changed. */
  #fresh = 0;
  /** Whether anything stands, or stood, under id and hash. */
  #sharesHashes = false;

  constructor({ subscription, source }: MessageKey) {
    this.subscription = subscription;
    this.source = source;
  }

  get size(): number {
    return this.#younger.size + this.#older.size + this.#slow.size;
  }

  /** The earlier arrival of this message that still counts, else what is remembered of it from now on. */
  meet(key: MessageKey, { nowMs, ttlMs }: { readonly nowMs: number; readonly ttlMs: number }): Seen {
    const byHash = this.#get(nameOf(key.hash));
    const isTaken = byHash !== undefined && !isOf(byHash, key);
    if (isTaken) this.#sharesHashes = true;
    const known = isOf(byHash, key) || !this.#sharesHashes ? byHash : this.#get(sharedName(key));
    if (known !== undefined && isOf(known, key)) {
      if (known.state === "running" || nowMs - known.atMs <= ttlMs) return known;
      this.delete(known);
    }
    if (this.#fresh >= GENERATION) this.#age();
    this.#fresh += 1;
    const seen: Seen = { key, state: "running", atMs: nowMs, joined: undefined };
    this.#younger.set(isTaken ? sharedName(key) : nameOf(key.hash), seen);
    return seen;
  }

  /** It was handled: from now on it may be forgotten with its generation. */
  finished(seen: Seen): void {
    if (this.#slow.size === 0) return;
    const name = this.#nameOf(seen.key);
    if (this.#slow.delete(name)) this.#younger.set(name, seen);
  }

  /** False when it is not here any more. */
  delete({ key }: Seen): boolean {
    const name = this.#nameOf(key);
    return this.#younger.delete(name) || this.#older.delete(name) || this.#slow.delete(name);
  }

  /** Gives up what has ended, of the older generation first; returns how many that were. */
  shed(): number {
    const before = this.size;
    this.#dropOlder();
    if (this.size === before) this.#age();
    this.#dropOlder();
    return before - this.size;
  }

  #nameOf(key: MessageKey): Name {
    const name = nameOf(key.hash);
    return isOf(this.#get(name), key) ? name : sharedName(key);
  }

  #get(name: Name): Seen | undefined {
    const seen = this.#younger.get(name) ?? this.#older.get(name);
    return seen === undefined && this.#slow.size > 0 ? this.#slow.get(name) : seen;
  }

  #age(): void {
    this.#dropOlder();
    this.#older = this.#younger;
    this.#younger = new Map();
    this.#fresh = 0;
  }

  #dropOlder(): void {
    for (const [name, seen] of this.#older) if (seen.state === "running") this.#slow.set(name, seen);
    this.#older = new Map();
  }
}

/** A number that is no object for V8, as an unsigned one of 32 bits may be. */
function nameOf(hash: number): number {
  return hash | 0;
}

/** Of a further message with a hash that is taken. */
function sharedName({ id, hash }: MessageKey): string {
  return `${id}:${hash}`;
}

/** Different messages may have equal hashes. */
function isOf(seen: Seen | undefined, { id, hash }: MessageKey): boolean {
  return seen !== undefined && seen.key.id === id && seen.key.hash === hash;
}
