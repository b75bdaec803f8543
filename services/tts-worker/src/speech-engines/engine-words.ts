/** What engines are given to read, and how long that will sound. Pure. */

/** Text as every engine can take it: no character that ends its input, nothing that it takes for phonemes. */
export function readable(text: string): string {
  return text.replaceAll("\0", " ").replaceAll("[[", "[ [");
}

/** How fast an engine speaks: a sentence takes so long, and each of its characters. Measured: docs/decisions/0022. */
export interface Tempo {
  readonly sentenceMs: number;
  readonly charMs: number;
}

/** How long a text will sound, before any of it does. */
export function estimatedMs(text: string, { sentenceMs, charMs }: Tempo): number {
  return sentenceMs + text.length * charMs;
}
