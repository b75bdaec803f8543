/** A transcriber without sound: it reads what its test says, and breaks when it is told to. */
import { ok } from "node:assert/strict";
import { EngineError } from "@ts-tars/audio";
import { parseJsgf } from "./jsgf.ts";
import type {
  Decoder,
  DecoderFacts,
  DecoderListener,
  DecoderState,
  Grammar,
  Readings,
  Transcriber,
  Utterance,
  UtteranceOptions,
} from "./transcriber.ts";

export const FACTS: DecoderFacts = { profile: "full", realTimeRatio: 0.1 };

export const broken = (message = "It broke."): EngineError => new EngineError(message, { remedy: "Ask again." });

/** Readings of a text, each letter of which is a phone. */
export function readingsOf(text: string, command?: string): Readings {
  const reading = (words: string) => ({ text: words, phones: [...words.replaceAll(" ", "")] });
  return {
    open: reading(text),
    command: command === undefined ? undefined : reading(command),
    words: text
      .split(" ")
      .filter((word) => word !== "")
      .map((word, at) => ({ word, startMs: at * 200, endMs: at * 200 + 180 })),
    grammarVersion: command === undefined ? undefined : "1",
  };
}

export class FakeUtterance implements Utterance {
  sampleCount = 0;
  readonly options: UtteranceOptions;
  readonly result = Promise.withResolvers<Readings>();
  isFinishing = false;
  isOver = false;

  constructor(options: UtteranceOptions) {
    this.options = options;
    this.result.promise.catch(() => undefined);
  }

  feed(pcm: Int16Array): void {
    if (!this.isOver) this.sampleCount += pcm.length;
  }

  finish(): Promise<Readings> {
    this.isFinishing = true;
    return this.result.promise;
  }

  drop(): void {
    this.isOver = true;
    this.result.reject(broken("It was dropped."));
  }

  partial(text: string, command?: string): void {
    if (!this.isOver && !this.isFinishing) this.options.onPartial(readingsOf(text, command));
  }

  read(text: string, command?: string): void {
    this.isOver = true;
    this.result.resolve(readingsOf(text, command));
  }

  break(error: EngineError): void {
    if (this.isOver) return;
    this.isOver = true;
    this.result.reject(error);
    this.options.onBroken(error);
  }
}

export class FakeDecoder implements Decoder {
  state: DecoderState = { kind: "starting" };
  readonly utterances: FakeUtterance[] = [];
  readonly grammars: Grammar[] = [];
  isClosed = false;
  readonly #listener: DecoderListener;

  constructor(listener: DecoderListener) {
    this.#listener = listener;
  }

  get last(): FakeUtterance {
    const utterance = this.utterances.at(-1);
    ok(utterance, "Nothing was begun.");
    return utterance;
  }

  up(): void {
    this.state = { kind: "up", facts: FACTS };
    this.#listener.onUp(FACTS);
  }

  down(error = broken()): void {
    this.state = { kind: "down", error };
    this.utterances.at(-1)?.break(error);
    this.#listener.onDown(error);
  }

  useGrammar(grammar: Grammar): void {
    try {
      parseJsgf(grammar.jsgf);
      this.grammars.push(grammar);
      queueMicrotask(() => this.#listener.onGrammar(grammar.version, undefined));
    } catch (error) {
      queueMicrotask(() => this.#listener.onGrammar(grammar.version, String(error)));
    }
  }

  begin(options: UtteranceOptions): FakeUtterance {
    if (this.utterances.at(-1)?.isOver === false) throw new TypeError("A decoder reads one utterance at a time.");
    const utterance = new FakeUtterance(options);
    this.utterances.push(utterance);
    return utterance;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isClosed = true;
    this.utterances.at(-1)?.break(broken("It was closed."));
  }
}

/** Every decoder that was opened, in order. */
export interface FakeTranscriber extends Transcriber {
  readonly decoders: readonly FakeDecoder[];
}

export function fakeTranscriber(): FakeTranscriber {
  const decoders: FakeDecoder[] = [];
  return {
    name: "fake",
    decoders,
    open: (listener) => {
      const decoder = new FakeDecoder(listener);
      decoders.push(decoder);
      return decoder;
    },
  };
}
