/** How many keys the whole client handles at the same time; whoever is refused is called when a place is free. */
export class Gate {
  readonly #limit: number;
  readonly #waiting = new Set<() => void>();
  #inside = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes a place, or remembers to call `retry` once. */
  enter(retry: () => void): boolean {
    if (this.#inside < this.#limit) {
      this.#inside += 1;
      if (this.#waiting.size > 0) this.#waiting.delete(retry);
      return true;
    }
    this.#waiting.add(retry);
    return false;
  }

  leave(): void {
    this.#inside -= 1;
    // Whoever is called may not want the place any more; it must not get lost with them.
    while (this.#waiting.size > 0 && this.#inside < this.#limit) {
      const [next] = this.#waiting;
      if (next === undefined) return;
      this.#waiting.delete(next);
      next();
    }
  }
}
