/**
 * Where the system writes the bytes of a connection: one page after the other, each filled up before the next is begun.
 *
 * Left to itself, Node takes 64 kB from the system for every read and gives back what was not filled, however little came. Here a
 * read takes what is left of a page, and pages are as large as the reads need: an idle connection holds 4 kB.
 *
 * Nothing is written twice into the same bytes: what was taken out stays as it is. But a view of a page keeps all of it.
 */
const FIRST_BYTES = 4 * 1024;
/** What a read of Node's own takes at most. */
const LARGEST_BYTES = 64 * 1024;
/** With less than this share of a page left, the next read gets a new one: reads into scraps are many. */
const SCRAP_RATIO = 0.125;

export class Intake {
  #page = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #at = 0;

  /** Where the next bytes go; the same until some were taken out. Never empty. */
  space(): Buffer {
    if (this.#page.length - this.#at < this.#page.length * SCRAP_RATIO) this.#turnOver(this.#page.length);
    return this.#page.subarray(this.#at);
  }

  /** What was written into the space: its first so many bytes. */
  take(bytes: number): Buffer {
    const chunk = this.#page.subarray(this.#at, this.#at + bytes);
    this.#at += bytes;
    // A read that fills all it was given would have taken more.
    if (this.#at === this.#page.length) this.#turnOver(Math.min(LARGEST_BYTES, 2 * this.#page.length));
    return chunk;
  }

  #turnOver(bytes: number): void {
    this.#page = Buffer.allocUnsafeSlow(bytes);
    this.#at = 0;
  }
}
