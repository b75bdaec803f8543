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

  find({ id, hash }: MessageKey): Seen | undefined {
    const seen = this.#get(id);
    if (seen?.key.hash === hash) return seen;
    return this.#sharesIds ? this.#get(`${id}:${hash}`) : undefined;
  }

  /** A message that `find` does not find. */
  add(seen: Seen): void {
    if (this.#fresh >= GENERATION) this.#age();
    this.#fresh += 1;
    const { id, hash } = seen.key;
    if (this.#get(id) === undefined) {
      this.#younger.set(id, seen);
      return;
    }
    this.#sharesIds = true;
    this.#younger.set(`${id}:${hash}`, seen);
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
