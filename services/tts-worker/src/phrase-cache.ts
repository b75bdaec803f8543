/** Sentences that were spoken before, so that they need not be made again. Pure. */
import type { Voice } from "./speech-engine.ts";

/** 4 min of speech: the few phrases of a household many times over. */
const BYTES_MAX = 8 * 1_024 * 1_024;
const ENTRIES_MAX = 256;

/** What decides how a sentence sounds: another engine, voice or setting is another sound. */
export interface Phrase extends Voice {
  readonly text: string;
  readonly engine: string;
  readonly settings: string;
}

/** The least recently spoken is forgotten first; nothing survives the process. */
export class PhraseCache {
  /** In the order in which they were last used. */
  readonly #entries = new Map<string, Int16Array>();
  readonly #bytesMax: number;
  readonly #entriesMax: number;
  #bytes = 0;

  constructor({ bytesMax = BYTES_MAX, entriesMax = ENTRIES_MAX } = {}) {
    this.#bytesMax = bytesMax;
    this.#entriesMax = entriesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(phrase: Phrase): Int16Array | undefined {
    const key = keyOf(phrase);
    const pcm = this.#entries.get(key);
    if (pcm === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, pcm);
    return pcm;
  }

  /** Keeps the whole sound of a phrase, if it fits at all. */
  put(phrase: Phrase, pcm: Int16Array): void {
    const key = keyOf(phrase);
    this.#forget(key);
    if (pcm.byteLength > this.#bytesMax) return;
    this.#entries.set(key, pcm);
    this.#bytes += pcm.byteLength;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#bytesMax && this.#entries.size <= this.#entriesMax) break;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#bytes -= this.#entries.get(key)?.byteLength ?? 0;
    this.#entries.delete(key);
  }
}

function keyOf({ text, voice, lang, engine, settings }: Phrase): string {
  return JSON.stringify([text, voice ?? null, lang, engine, settings]);
}
