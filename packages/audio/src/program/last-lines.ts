/** The end of what a program said, line by line. Pure. */

/** No line of an error message needs more, and a program that never ends its line must not fill the memory. */
const LINE_LENGTH_MAX = 500;

/** Keeps the last lines of a text that comes in pieces, and hands each on as it ends; longer lines are cut. */
export class LastLines {
  readonly #kept: string[] = [];
  readonly #keepCount: number;
  readonly #onLine: (line: string) => void;
  #unfinished = "";

  constructor(keepCount: number, onLine: (line: string) => void = () => undefined) {
    this.#keepCount = keepCount;
    this.#onLine = onLine;
  }

  push(piece: string): void {
    // A bare carriage return is how programs overwrite a progress line.
    const lines = (this.#unfinished + piece).split(/\r\n|\r|\n/);
    this.#unfinished = (lines.pop() ?? "").slice(0, LINE_LENGTH_MAX);
    for (const line of lines) this.#keep(line);
  }

  /** Oldest first; the last one may be unfinished yet. */
  get lines(): readonly string[] {
    const lines = this.#unfinished.trim() === "" ? this.#kept : [...this.#kept, this.#unfinished.trimEnd()];
    return lines.slice(-this.#keepCount);
  }

  #keep(line: string): void {
    if (line.trim() === "") return;
    const kept = line.trimEnd().slice(0, LINE_LENGTH_MAX);
    this.#kept.push(kept);
    if (this.#kept.length > this.#keepCount) this.#kept.shift();
    this.#onLine(kept);
  }
}
