/**
 * A queue whose members may leave from anywhere: who no longer stands is passed over at the head, and swept out when they are
 * many. Pure.
 */

/** Places before the head, or of those that left, that may stay before the rest is moved up. */
const SLACK = 256;

export class PassingQueue<T> {
  readonly #stands: (item: T) => boolean;
  #items: (T | undefined)[] = [];
  #head = 0;
  /** Members behind the head that do not stand any more. */
  #gone = 0;

  /** @param stands whether an item is still a member; when that ends, `left` has to be said once */
  constructor(stands: (item: T) => boolean) {
    this.#stands = stands;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** The first one, left where it is. */
  peek(): T | undefined {
    return this.#items[this.#head];
  }

  /** Takes the first one out, which still stands. */
  shift(): void {
    this.#pass();
    this.#trim();
  }

  /** Somebody who stood here does not any more. */
  left(): void {
    this.#gone += 1;
    this.#trim();
  }

  /** Who stands here, in order. */
  all(): readonly T[] {
    return this.#items.slice(this.#head).filter((item) => item !== undefined && this.#stands(item)) as T[]; // as filtered
  }

  replace(items: readonly T[]): void {
    this.#items = [...items];
    this.#head = 0;
    this.#gone = 0;
  }

  #pass(): void {
    this.#items[this.#head] = undefined;
    this.#head += 1;
  }

  #trim(): void {
    for (let head = this.peek(); head !== undefined && !this.#stands(head); head = this.peek()) {
      this.#pass();
      this.#gone -= 1;
    }
    const isLate = this.#head > SLACK && this.#head * 2 > this.#items.length;
    const isSparse = this.#gone > SLACK && this.#gone * 2 > this.#items.length - this.#head;
    if (isLate || isSparse) this.replace(this.all());
  }
}
