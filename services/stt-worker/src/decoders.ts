/**
 * The decoders of all sites: one is warm from the start on, so that the first question does not wait for a model to be read.
 */
import type { EngineError } from "@ts-tars/audio";
import type { Decoder, DecoderFacts, Grammar, Transcriber } from "./transcriber.ts";

export interface DecodersDeps {
  readonly transcriber: Transcriber;
  /** What all of them together lack is different. */
  readonly onChange: () => void;
}

export class Decoders implements AsyncDisposable {
  readonly #deps: DecodersDeps;
  readonly #all = new Map<Decoder, { readonly error: EngineError | undefined }>();
  readonly #closing = new Set<Promise<void>>();
  #spare: Decoder | undefined;
  #grammar: Grammar | undefined;
  #grammarProblem: string | undefined;
  #facts: DecoderFacts | undefined;

  constructor(deps: DecodersDeps) {
    this.#deps = deps;
    this.#spare = this.#open();
  }

  /** What one of them lacks, if one does. */
  get error(): EngineError | undefined {
    return [...this.#all.values()].find(({ error }) => error !== undefined)?.error;
  }

  /** Why the commands of now are not the newest ones. */
  get grammarProblem(): string | undefined {
    return this.#grammarProblem;
  }

  /** Undefined until one was up. */
  get facts(): DecoderFacts | undefined {
    return this.#facts;
  }

  /** Whether the next one is warm. */
  get hasSpare(): boolean {
    return this.#spare !== undefined;
  }

  acquire(): Decoder {
    const decoder = this.#spare ?? this.#open();
    this.#spare = undefined;
    return decoder;
  }

  /** One is kept warm, the others free their memory. */
  release(decoder: Decoder): void {
    if (this.#spare === undefined) this.#spare = decoder;
    else this.#close(decoder);
  }

  useGrammar(grammar: Grammar): void {
    this.#grammar = grammar;
    for (const decoder of this.#all.keys()) decoder.useGrammar(grammar);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const decoder of this.#all.keys()) this.#close(decoder);
    await Promise.all(this.#closing);
  }

  #open(): Decoder {
    const note = (error: EngineError | undefined): void => {
      if (this.#all.has(decoder)) this.#all.set(decoder, { error });
      this.#deps.onChange();
    };
    const decoder: Decoder = this.#deps.transcriber.open({
      onUp: (facts) => {
        this.#facts = facts;
        note(undefined);
      },
      onDown: note,
      onGrammar: (version, problem) => {
        if (version !== this.#grammar?.version) return;
        this.#grammarProblem = problem;
        this.#deps.onChange();
      },
    });
    this.#all.set(decoder, { error: undefined });
    if (this.#grammar !== undefined) decoder.useGrammar(this.#grammar);
    return decoder;
  }

  #close(decoder: Decoder): void {
    this.#all.delete(decoder);
    const closing = Promise.resolve(decoder[Symbol.asyncDispose]()).finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
