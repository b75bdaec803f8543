/** One search of PocketSphinx over one stream of sound: with the language model, or with a grammar. */
import { EngineError } from "@ts-tars/audio";
import type { Fit, Reading, TimedWord } from "../../transcriber.ts";
import { fitOf, isWord, type Segment } from "./fit.ts";
import { advance, FRAME_CLOCK_START, type FrameClock, msOfFrame } from "./frame-clock.ts";
import type { Mixture } from "./language-models.ts";
import type { Native, NativeOptions } from "./library.ts";

const GRAMMAR_SEARCH = "commands";
const MIXTURE_SEARCH = "mixture";

export class Recogniser {
  readonly #native: Native;
  readonly #handle: unknown;
  /** By word; a dictionary is asked once. */
  readonly #phones = new Map<string, readonly string[]>();
  #clock: FrameClock = FRAME_CLOCK_START;
  #isRunning = false;

  /** @throws {EngineError} when the models cannot be used. */
  constructor(native: Native, options: NativeOptions) {
    this.#native = native;
    this.#handle = native.open(options);
    if (this.#handle === null) {
      throw new EngineError(
        `PocketSphinx ${native.version} refuses its models or options: ${Object.values(options)[0]}.`,
        {
          remedy: "Install its models again: sudo apt-get install -y --reinstall pocketsphinx-en-us",
        },
      );
    }
  }

  /** @throws {EngineError} when the library refuses. */
  begin(): void {
    if (this.#isRunning) this.end();
    this.#must(this.#native.startUtterance(this.#handle), "begin an utterance");
    this.#isRunning = true;
    this.#clock = FRAME_CLOCK_START;
  }

  feed(pcm: Int16Array): void {
    const frameCount = this.#native.process(this.#handle, pcm, pcm.length, 0, 0);
    this.#must(frameCount, "read sound");
    this.#clock = advance(this.#clock, pcm.length / 16, frameCount);
  }

  end(): void {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    this.#must(this.#native.endUtterance(this.#handle), "end an utterance");
  }

  /** What it reads so far, or in all after `end`. */
  get reading(): Reading {
    const text = (this.#native.hypothesis(this.#handle, [0]) ?? "").trim();
    const phones = text === "" ? [] : text.split(" ").flatMap((word) => this.phonesOf(word));
    return { text, phones };
  }

  /** The words of the reading with their times; after `end`. */
  get words(): readonly TimedWord[] {
    const segments = this.#segments();
    /** The library adds where it first heard something; our clock knows better. */
    const firstFrame = segments[0]?.startFrame ?? 0;
    const msOf = (frame: number): number => msOfFrame(this.#clock, frame - firstFrame);
    return segments
      .filter(({ word }) => isWord(word))
      .map(({ word, startFrame, endFrame }) => ({
        // `our(2)`: the second way to say it.
        word: word.replace(/\(\d+\)$/, ""),
        startMs: msOf(startFrame),
        endMs: msOf(endFrame + 1),
      }));
  }

  /** How well the sound fits the reading; not behind a second pass, which counts otherwise. */
  get fit(): Fit | undefined {
    return fitOf(this.#segments());
  }

  #segments(): readonly Segment[] {
    const segments: Segment[] = [];
    for (let segment = this.#native.firstSegment(this.#handle); segment !== null; ) {
      const [start, end, acoustic]: [[number], [number], [number]] = [[0], [0], [0]];
      const word = this.#native.segmentWord(segment);
      this.#native.segmentFrames(segment, start, end);
      this.#native.segmentScores(segment, acoustic, [0], [0]);
      segments.push({ word, startFrame: start[0], endFrame: end[0], acousticScore: acoustic[0] });
      segment = this.#native.nextSegment(segment);
    }
    return segments;
  }

  /** Empty when the dictionary does not know the word. */
  phonesOf(word: string): readonly string[] {
    const known = this.#phones.get(word);
    if (known !== undefined) return known;
    const phones = this.#native.lookUp(this.#handle, word)?.split(" ") ?? [];
    this.#phones.set(word, phones);
    return phones;
  }

  /** Teaches it a word that its dictionary lacks. */
  learn(word: string, phones: string): void {
    if (this.phonesOf(word).length > 0) return;
    if (this.#native.addWord(this.#handle, word, phones, 0) >= 0) this.#phones.delete(word);
  }

  /** Whether it was taken; if not, the one before stays in force. */
  useGrammar(jsgf: string): boolean {
    const isTaken = this.#native.setGrammar(this.#handle, GRAMMAR_SEARCH, jsgf) === 0;
    return isTaken && this.#native.useSearch(this.#handle, GRAMMAR_SEARCH) === 0;
  }

  /** Mixes language models into the one that is searched; false leaves the search as it is. */
  useMixture(parts: Mixture["parts"]): boolean {
    const isAdded = this.#native.addMixture(this.#handle, { search: MIXTURE_SEARCH, parts });
    return isAdded && this.#native.useSearch(this.#handle, MIXTURE_SEARCH) === 0;
  }

  free(): void {
    this.#native.free(this.#handle);
  }

  #must(result: number, act: string): void {
    if (result >= 0) return;
    throw new EngineError(`PocketSphinx could not ${act}.`, { remedy: "It is started again by itself." });
  }
}
