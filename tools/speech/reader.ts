/** The robot's recogniser without the robot. */
import { createLog, SYSTEM_CLOCK } from "@ts-tars/service";
import { type Decoder, openTranscriber, type Readings } from "@ts-tars/stt-worker";
import { grammarOf, pronunciationsOf } from "../../services/router/src/grammar.ts";
import type { IntentBook } from "../../services/router/src/intent-file.ts";

export interface Reader extends AsyncDisposable {
  /** What is said in the sound: Int16Array, mono, 16 000 Hz. Rejects with an `EngineError` when the recogniser is missing or breaks. */
  readonly read: (pcm: Int16Array) => Promise<Readings>;
}

const MODEL_DIR = "/usr/share/pocketsphinx/model/en-us";
/** As a microphone gives it; a whole sentence at once would be more than what may wait. */
const CHUNK_SAMPLES = 1_600;

/** Starts it in a process of its own, with the commands of the book when there is one; the first reading waits for it. */
export function openReader(book?: IntentBook): Reader {
  const log = createLog({ name: "reader", level: "silent" });
  const settings = { engine: "pocketsphinx", modelDir: MODEL_DIR, profile: "full" } as const;
  const ready = Promise.withResolvers<void>();
  const decoder = openTranscriber(settings, { clock: SYSTEM_CLOCK, log }).open({
    onUp: () => void (book === undefined && ready.resolve()),
    onDown: ready.reject,
    onGrammar: (_, problem) => (problem === undefined ? ready.resolve() : ready.reject(new Error(problem))),
  });
  if (book !== undefined) {
    const jsgf = grammarOf(book);
    decoder.useGrammar({ version: "lab", jsgf, words: pronunciationsOf(jsgf, book.pronunciations) });
  }
  return {
    read: async (pcm) => {
      await ready.promise;
      return await readWith(decoder, pcm);
    },
    [Symbol.asyncDispose]: () => decoder[Symbol.asyncDispose](),
  };
}

function readWith(decoder: Decoder, pcm: Int16Array): Promise<Readings> {
  const utterance = decoder.begin({ onPartial: () => undefined, onBroken: () => undefined });
  for (let from = 0; from < pcm.length; from += CHUNK_SAMPLES) utterance.feed(pcm.slice(from, from + CHUNK_SAMPLES));
  return utterance.finish();
}
