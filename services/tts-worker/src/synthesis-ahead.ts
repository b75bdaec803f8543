import type { Playback } from "./playback-state.ts";
import type { Sentence } from "./sentence.ts";
import type { Synthesis } from "./synthesis.ts";
import type { Take } from "./take.ts";

/** A sentence that is being made, or was. */
export interface Begun {
  readonly sayId: string;
  readonly take: Promise<Take>;
  /** Ends the engine. */
  readonly cutter: AbortController;
}

/** Makes the next sentence while one sounds, so that there is no gap between them: one ahead, and only while it is the next. */
export class SynthesisAhead {
  readonly #synthesis: Pick<Synthesis, "begin">;
  #begun: Begun | undefined;
  /** What failed ahead of its turn is tried afresh when its turn comes, not before. */
  #failedSayId: string | undefined;

  constructor(synthesis: Pick<Synthesis, "begin">) {
    this.#synthesis = synthesis;
  }

  /** The queue may have changed. */
  follow({ stage, waiting }: Playback): void {
    const next = waiting.find(({ text }) => text.trim() !== "");
    if (this.#begun !== undefined && this.#begun.sayId !== next?.sayId) this.#abandon(this.#begun);
    // Not before the sentence at hand has begun: it needs the processor first.
    const isTime = stage.kind === "sounding" || stage.kind === "paused";
    if (next !== undefined && isTime && next.sayId !== this.#failedSayId) this.#begun ??= this.#begin(next);
  }

  /** The sentence's turn has come: what was begun of it, or a new beginning. */
  take(sentence: Sentence): Begun {
    const begun = this.#begun?.sayId === sentence.sayId ? this.#begun : undefined;
    if (begun === undefined) return this.#begin(sentence);
    this.#begun = undefined;
    return begun;
  }

  #begin({ sayId, text, voice, lang }: Sentence): Begun {
    const cutter = new AbortController();
    const take = this.#synthesis.begin({ text, voice, lang }, cutter.signal);
    const begun = { sayId, take, cutter };
    take.catch(() => {
      if (this.#begun !== begun) return;
      this.#begun = undefined;
      this.#failedSayId = sayId;
    });
    return begun;
  }

  #abandon({ cutter }: Begun): void {
    this.#begun = undefined;
    cutter.abort();
  }
}
