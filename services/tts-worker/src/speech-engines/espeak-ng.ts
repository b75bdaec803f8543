import {
  EngineError,
  type Program,
  RATE_HZ,
  Resampler,
  readProgram,
  SampleReader,
  type Sound,
  startProgram,
} from "@ts-tars/audio";
import type { Clock } from "@ts-tars/service";
import { bestLanguage, normalLanguage } from "../language.ts";
import type { SpeechEngine, Voice } from "../speech-engine.ts";
import { UnknownVoiceError } from "../unknown-voice.ts";
import { estimatedMs, readable } from "./engine-words.ts";
import { inTime } from "./in-time.ts";

/** How it speaks. */
export interface EspeakSettings {
  readonly clock: Clock;
  /** For English when a sentence names no voice; other languages have a voice of their name. */
  readonly englishVoice: string;
  readonly wordsPerMin: number;
  /** Default: the one on the path. */
  readonly program?: string;
}

/** Its WAV head, whose lengths are made up. */
const HEAD_BYTES = 44;
/** The first sound comes after 17 ms (median); a sentence that does not begin in so long is better told as failed. */
const PATIENCE_MS = 2_500;
const CHECK_MS = 3_000;
/** At 140 words in a minute. */
const TEMPO = { sentenceMs: 300, charMs: 72 };
const TEMPO_WORDS_PER_MIN = 140;

/** `espeak-ng`: a process for each sentence, which speaks while it reads; a hundred languages. */
export function openEspeakNg(settings: EspeakSettings): SpeechEngine {
  return new EspeakNg(settings);
}

class EspeakNg implements SpeechEngine {
  readonly name = "espeak-ng";
  readonly isAudible = true;
  readonly settings: string;
  readonly #settings: EspeakSettings;
  readonly #program: string;
  #languages: readonly string[] = [];

  constructor(settings: EspeakSettings) {
    this.#settings = settings;
    this.#program = settings.program ?? "espeak-ng";
    this.settings = `${settings.englishVoice} ${settings.wordsPerMin}`;
  }

  async check(): Promise<void> {
    const command = [this.#program, "--voices"] as const;
    const { end, output } = await readProgram({ command, timeoutMs: CHECK_MS, signal: new AbortController().signal });
    this.#languages = output
      .split("\n")
      .slice(1)
      .flatMap((line) => line.trim().split(/\s+/)[1] ?? []);
    if (end.kind === "exited" && end.code === 0 && this.#languages.length > 0) return;
    throw new EngineError("espeak-ng is installed, but lists no voices.", {
      remedy: "Install it again: sudo apt install --reinstall espeak-ng espeak-ng-data",
    });
  }

  speaks(lang: string): boolean {
    return this.#languageFor(lang) !== undefined;
  }

  async synthesize(text: string, { signal, ...wanted }: Voice & { readonly signal: AbortSignal }): Promise<Sound> {
    const voice = this.#voiceFor(wanted);
    const wordsPerMin = String(this.#settings.wordsPerMin);
    const program = await startProgram({
      // The text goes in by the standard input: it may begin with a dash, be long, and is nobody's business.
      command: [this.#program, "-v", voice, "-s", wordsPerMin, "--stdin", "--stdout"],
      signal,
      pipes: ["stdin", "stdout"],
    });
    void program.write(Buffer.from(`${readable(text)}\n`));
    program.closeInput();
    const pieces = this.#pieces(program, { signal, voice });
    const first = await pieces.next();
    const pace = TEMPO_WORDS_PER_MIN / this.#settings.wordsPerMin;
    return {
      expectedMs: estimatedMs(text, TEMPO) * pace,
      pcm: first.done === true ? none() : continued(first.value, pieces),
    };
  }

  async *#pieces(
    program: Program,
    { signal, voice }: { readonly signal: AbortSignal; readonly voice: string },
  ): AsyncGenerator<Int16Array, void, undefined> {
    const { clock } = this.#settings;
    const patience = { clock, withinMs: PATIENCE_MS, engine: this.name };
    const bytes = program.stdout[Symbol.asyncIterator]();
    const head = new HeadReader();
    let resampler: Resampler | undefined;
    const samples = new SampleReader();
    try {
      for (;;) {
        const { done, value } = await inTime(bytes.next(), patience);
        if (done === true) break;
        const sound = head.push(value);
        if (sound === undefined) continue;
        resampler ??= new Resampler({ fromHz: head.rateHz, toHz: RATE_HZ });
        const pcm = resampler.push(samples.push(sound));
        if (pcm.length > 0) yield pcm;
      }
      const end = await inTime(program.ended, patience);
      signal.throwIfAborted();
      if (end.kind !== "exited" || end.code !== 0) throw this.#failure(voice, program.lastLines);
      if (resampler !== undefined) yield resampler.flush();
    } finally {
      program.kill();
    }
  }

  #voiceFor({ voice, lang }: Voice): string {
    if (voice !== undefined) {
      if (/^[A-Za-z0-9][A-Za-z0-9_+-]{0,63}$/.test(voice)) return voice;
      throw unknownVoice(voice);
    }
    const isEnglish = ["en", "en-us"].includes(normalLanguage(lang));
    const found = isEnglish ? this.#settings.englishVoice : this.#languageFor(lang);
    if (found !== undefined) return found;
    throw new UnknownVoiceError(`espeak-ng does not speak "${lang}".`, {
      remedy: "Choose a language of: espeak-ng --voices",
    });
  }

  #languageFor(lang: string): string | undefined {
    return bestLanguage(lang, this.#languages);
  }

  #failure(voice: string, lastLines: readonly string[]): EngineError {
    const said = lastLines.join(" ");
    if (said.includes("voice does not exist")) return unknownVoice(voice);
    return new EngineError(`espeak-ng broke off${said === "" ? "." : `: ${said}`}`, {
      remedy: "The next sentence tries again.",
    });
  }
}

function unknownVoice(voice: string): UnknownVoiceError {
  return new UnknownVoiceError(`espeak-ng has no voice "${voice}".`, { remedy: "Choose one of: espeak-ng --voices" });
}

/** Reads the rate out of the head, and gives what follows it. */
class HeadReader {
  #head: Buffer | undefined = Buffer.alloc(0);
  rateHz = 22_050;

  push(bytes: Buffer): Buffer | undefined {
    if (this.#head === undefined) return bytes;
    this.#head = Buffer.concat([this.#head, bytes]);
    if (this.#head.length < HEAD_BYTES) return undefined;
    this.rateHz = this.#head.readUInt32LE(24);
    const sound = this.#head.subarray(HEAD_BYTES);
    this.#head = undefined;
    return sound;
  }
}

async function* continued(
  first: Int16Array,
  rest: AsyncGenerator<Int16Array, void, undefined>,
): AsyncGenerator<Int16Array, void, undefined> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return();
  }
}

async function* none(): AsyncGenerator<Int16Array, void, undefined> {
  // A text in which there is nothing to say.
}
