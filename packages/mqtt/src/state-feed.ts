/** The latest value for any number of readers; a slow one misses values in between, never the last. */
export class StateFeed<T> {
  #value: T;
  #ended = false;
  readonly #waiting = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    this.#value = value;
    this.#wake();
  }

  /** Readers end after they have seen the current value. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *watch(): AsyncIterableIterator<T> {
    let seen: T | undefined;
    let isFirst = true;
    for (;;) {
      if (isFirst || this.#value !== seen) {
        isFirst = false;
        seen = this.#value;
        yield seen;
        continue;
      }
      if (this.#ended) return;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
