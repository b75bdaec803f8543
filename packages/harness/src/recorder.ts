import { inspect } from "node:util";
import { DEFAULT_DEADLINE_MS, within } from "./deadline.ts";

/** How long to wait. */
export interface WaitOptions {
  readonly deadlineMs?: number;
}

/** An empty recorder; `describe` makes one item short enough for an error message. */
export function recorder<T>(describe: (item: T) => string = describeItem): Recorder<T> {
  return new Recorder(describe);
}

/** So many items are printed when something did not come. */
const PRINTED_COUNT = 20;

/**
 * What was observed, in order, and ways to wait for more.
 *
 * `next`, `take` and `takeThrough` consume: each item is handed out once. `until` only looks, at everything ever seen.
 */
export class Recorder<T> {
  /** Everything, consumed or not. */
  readonly seen: readonly T[];
  readonly #items: T[] = [];
  readonly #describe: (item: T) => string;
  readonly #waiting = new Set<(changed: T) => void>();
  #consumedCount = 0;

  constructor(describe: (item: T) => string) {
    this.#describe = describe;
    this.seen = this.#items;
  }

  /** Bound, so that it can be handed over as a handler. */
  readonly push = (item: T): void => {
    this.#items.push(item);
    this.touch(item);
  };

  /** Has everyone who waits look again: this item, already seen, has changed. Bound. */
  readonly touch = (changed: T): void => {
    for (const wake of [...this.#waiting]) wake(changed);
  };

  /** The next item not yet consumed. */
  async next(options?: WaitOptions): Promise<T> {
    const [item] = await this.take(1, options);
    return item as T; // take(1) resolves with exactly one item
  }

  /** The next `count` items not yet consumed. */
  take(count: number, options?: WaitOptions): Promise<readonly T[]> {
    const read = () => (this.#items.length < this.#consumedCount + count ? undefined : this.#consume(count));
    return this.#waitFor(`${count} more`, read, options);
  }

  /** Everything not yet consumed up to and with the first item that satisfies `isLast`. */
  takeThrough(isLast: (item: T) => boolean, options?: WaitOptions): Promise<readonly T[]> {
    const read = () => {
      const index = this.#items.findIndex((item, at) => at >= this.#consumedCount && isLast(item));
      return index < 0 ? undefined : this.#consume(index + 1 - this.#consumedCount);
    };
    return this.#waitFor(`an item that satisfies ${isLast}`, read, options);
  }

  /** The first item ever seen that satisfies `predicate`. */
  async until(predicate: (item: T) => boolean, options?: WaitOptions): Promise<T> {
    // Everything once, then only what is new or has changed: a record may hold a hundred thousand packets.
    const read = (changed?: Changed<T>) => {
      const candidates = changed === undefined ? this.#items : [changed.item];
      const index = candidates.findIndex(predicate);
      return index < 0 ? undefined : candidates.slice(index, index + 1);
    };
    const [item] = await this.#waitFor(`an item that satisfies ${predicate}`, read, options);
    return item as T; // read gives exactly one item
  }

  /** Resolves when `predicate` holds for all that was ever seen. */
  untilAll(predicate: (seen: readonly T[]) => boolean, options?: WaitOptions): Promise<readonly T[]> {
    return this.#waitFor(`${predicate}`, () => (predicate(this.seen) ? this.seen : undefined), options);
  }

  #consume(count: number): readonly T[] {
    const first = this.#consumedCount;
    this.#consumedCount += count;
    return this.#items.slice(first, this.#consumedCount);
  }

  /** Waits until `read` finds something; it is told which item is new or has changed, at first none. */
  async #waitFor<R>(
    what: string,
    read: (changed?: Changed<T>) => R | undefined,
    options: WaitOptions = {},
  ): Promise<R> {
    const found = read();
    if (found !== undefined) return found;
    let wake: (item: T) => void = () => undefined;
    const arrival = new Promise<R>((resolve, reject) => {
      wake = (item) => {
        try {
          const found = read({ item });
          if (found === undefined) return;
          // Reading consumes: what comes in this same turn belongs to the next call.
          this.#waiting.delete(wake);
          resolve(found);
        } catch (error) {
          reject(error); // a predicate that throws is its test's failure, not the sender's
        }
      };
    });
    this.#waiting.add(wake);
    try {
      return await within(options.deadlineMs ?? DEFAULT_DEADLINE_MS, arrival, () => `${what}; ${this.#summary()}`);
    } finally {
      this.#waiting.delete(wake);
    }
  }

  #summary(): string {
    const count = this.#items.length;
    if (count === 0) return "nothing was seen";
    const first = Math.max(0, count - PRINTED_COUNT);
    const lines = this.#items.slice(first).map((item, index) => `\n  ${first + index}: ${this.#describe(item)}`);
    return `${count} seen, ${this.#consumedCount} of them consumed before:${lines.join("")}`;
  }
}

/** Boxed, because an item may be undefined. */
interface Changed<T> {
  readonly item: T;
}

function describeItem(item: unknown): string {
  return inspect(item, { depth: 3, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 120 }).slice(0, 300);
}
