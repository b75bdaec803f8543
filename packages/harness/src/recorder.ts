import { inspect } from "node:util";
import { DEFAULT_DEADLINE_MS, within } from "./deadline.ts";

/** How long to wait. */
export interface WaitOptions {
  readonly deadlineMs?: number;
}

/**
 * What was observed, in order, and ways to wait for more.
 *
 * `next`, `take` and `takeThrough` consume: each item is handed out once. `until` only looks, at everything ever seen.
 */
export interface Recorder<T> {
  /** A function of its own, so that it can be handed over as a handler. */
  readonly push: (item: T) => void;
  /** Has everyone who waits look again: an item already seen has changed. */
  readonly touch: () => void;
  /** Everything, consumed or not. */
  readonly seen: readonly T[];
  /** The next item not yet consumed. */
  next(options?: WaitOptions): Promise<T>;
  /** The next `count` items not yet consumed. */
  take(count: number, options?: WaitOptions): Promise<T[]>;
  /** Everything not yet consumed up to and with the first item that satisfies `isLast`. */
  takeThrough(isLast: (item: T) => boolean, options?: WaitOptions): Promise<T[]>;
  /** The first item ever seen that satisfies `predicate`. */
  until<S extends T>(predicate: (item: T) => item is S, options?: WaitOptions): Promise<S>;
  until(predicate: (item: T) => boolean, options?: WaitOptions): Promise<T>;
  /** Resolves when `predicate` holds for everything seen so far. */
  untilAll(predicate: (seen: readonly T[]) => boolean, options?: WaitOptions): Promise<readonly T[]>;
}

/** An empty recorder; `describe` makes one item short enough for an error message. */
export function recorder<T>(describe: (item: T) => string = describeItem): Recorder<T> {
  const seen: T[] = [];
  const waiting = new Set<() => void>();
  let consumedCount = 0;

  /** Waits until `read` finds something in what was seen. */
  async function waitFor<R>(what: string, read: () => R | undefined, options: WaitOptions = {}): Promise<R> {
    const found = read();
    if (found !== undefined) return found;
    let wake = (): void => undefined;
    const arrival = new Promise<R>((resolve) => {
      wake = () => {
        const found = read();
        if (found !== undefined) resolve(found);
      };
    });
    waiting.add(wake);
    try {
      return await within(options.deadlineMs ?? DEFAULT_DEADLINE_MS, arrival, () => `${what}; ${summary()}`);
    } finally {
      waiting.delete(wake);
    }
  }

  function consumeThrough(index: number): T[] {
    const taken = seen.slice(consumedCount, index + 1);
    consumedCount = index + 1;
    return taken;
  }

  function summary(): string {
    if (seen.length === 0) return "nothing was seen";
    const last = seen
      .slice(-20)
      .map((item, index) => `\n  ${Math.max(0, seen.length - 20) + index}: ${describe(item)}`);
    return `${seen.length} seen, ${consumedCount} of them consumed before:${last.join("")}`;
  }

  function take(count: number, options?: WaitOptions): Promise<T[]> {
    const read = () => (seen.length >= consumedCount + count ? consumeThrough(consumedCount + count - 1) : undefined);
    return waitFor(`${count} more`, read, options);
  }

  const touch = (): void => {
    for (const wake of [...waiting]) wake();
  };

  return {
    push: (item) => {
      seen.push(item);
      touch();
    },
    touch,
    seen,
    take,
    next: async (options) => {
      const [item] = await take(1, options);
      return item as T; // take(1) resolves with exactly one item
    },
    takeThrough: (isLast, options) => {
      const read = () => {
        const index = seen.findIndex((item, at) => at >= consumedCount && isLast(item));
        return index < 0 ? undefined : consumeThrough(index);
      };
      return waitFor(`an item that satisfies ${isLast}`, read, options);
    },
    until: async (predicate: (item: T) => boolean, options?: WaitOptions) => {
      const read = () => {
        const index = seen.findIndex(predicate);
        return index < 0 ? undefined : { item: seen[index] as T }; // in range by construction
      };
      return (await waitFor(`an item that satisfies ${predicate}`, read, options)).item as never; // narrowed by the overloads
    },
    untilAll: (predicate, options) =>
      waitFor(`${predicate}`, () => (predicate(seen) ? (seen as readonly T[]) : undefined), options),
  };
}

function describeItem(item: unknown): string {
  return inspect(item, { depth: 3, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 120 }).slice(0, 300);
}
