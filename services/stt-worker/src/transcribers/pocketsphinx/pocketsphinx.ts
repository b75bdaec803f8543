import { EngineError, type EngineHost, joinPcm, openEngineHost } from "@ts-tars/audio";
import type { Log } from "@ts-tars/mqtt";
import type { Clock } from "@ts-tars/service";
import type {
  Decoder,
  DecoderFacts,
  DecoderListener,
  DecoderState,
  Grammar,
  Profile,
  Readings,
  Transcriber,
  Utterance,
  UtteranceOptions,
} from "../../transcriber.ts";
import type { Init, News, Order } from "./orders.ts";

export interface PocketSphinxOptions {
  readonly modelDir: string;
  /** Undefined: measured. */
  readonly profile?: Profile | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** PocketSphinx through koffi, each decoder in a process of its own. */
export function openPocketSphinx(options: PocketSphinxOptions): Transcriber {
  return { name: "pocketsphinx", open: (listener) => new PocketSphinxDecoder(options, listener) };
}

/** Sound that waits for a decoder to come up: a whole utterance and its past. */
const WAITING_SAMPLES_MAX = 20 * 16_000;

/** Handed over in pieces of 100 ms: what partials are made of, few enough messages, and never long to decode. */
const PIECE_SAMPLES = 1_600;

/** The entry of the child process: beside this file, in the language that this file is in. */
function engineModule(): URL {
  const source = new URL("./pocketsphinx-engine.ts", import.meta.url);
  return import.meta.url.endsWith(".ts") ? source : new URL(source.href.replace(/\.ts$/, ".js"));
}

class PocketSphinxDecoder implements Decoder {
  readonly #host: EngineHost<Order>;
  readonly #listener: DecoderListener;
  #state: DecoderState = { kind: "starting" };
  /** The newest one, unless it was refused. */
  #grammar: Grammar | undefined;
  /** The newest one that was taken: what counts when a newer one is refused. */
  #goodGrammar: Grammar | undefined;
  /** The decoder broke before it had taken this one. */
  #suspect: Grammar | undefined;
  /** Told to the process that runs now. */
  #toldGrammar: Grammar | undefined;
  #running: Running | undefined;
  #utteranceCount = 0;

  constructor({ modelDir, profile, clock, log }: PocketSphinxOptions, listener: DecoderListener) {
    this.#listener = listener;
    this.#host = openEngineHost<Init, Order, News>({
      name: "pocketsphinx",
      module: engineModule(),
      init: { modelDir, profile },
      clock,
      log,
      onNews: (news) => this.#hear(news),
      onUp: () => this.#meet(),
      onDown: (error) => this.#down(error),
    });
  }

  get state(): DecoderState {
    return this.#state;
  }

  useGrammar(grammar: Grammar): void {
    this.#grammar = grammar;
    this.#tellGrammar();
  }

  begin(options: UtteranceOptions): Utterance {
    if (this.#running !== undefined) throw new TypeError("A decoder reads one utterance at a time.");
    this.#tellGrammar();
    this.#utteranceCount += 1;
    const running = new Running({
      ...options,
      number: this.#utteranceCount,
      post: (order) => this.#host.post(order),
      onOver: () => {
        this.#running = undefined;
        this.#tellGrammar();
      },
    });
    this.#running = running;
    if (this.#state.kind === "up") running.start();
    return running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#running?.fail(new EngineError("The recogniser was closed.", { remedy: "Ask again." }));
    await this.#host[Symbol.asyncDispose]();
  }

  /** A new process: it knows nothing yet. */
  #meet(): void {
    this.#toldGrammar = undefined;
    this.#host.post({ do: "introduce" });
  }

  #up(facts: DecoderFacts): void {
    this.#state = { kind: "up", facts };
    // What is begun already waits for the grammar too: nothing of it has been read.
    this.#tellGrammar();
    this.#listener.onUp(facts);
    this.#running?.start();
  }

  #down(error: EngineError): void {
    this.#state = { kind: "down", error };
    this.#suspectGrammar();
    this.#running?.fail(error);
    this.#listener.onDown(error);
  }

  #hear(news: News): void {
    switch (news.type) {
      case "introduced":
        this.#up(news.facts);
        return;
      case "partial":
        if (this.#running?.number === news.utterance) this.#running.hearPartial(news.readings);
        return;
      case "final":
        if (this.#running?.number === news.utterance) this.#running.settle(news.readings);
        return;
      case "grammar":
        this.#judgeGrammar(news.version, news.problem);
        return;
    }
  }

  /** One that breaks the decoder twice would break it for ever. */
  #suspectGrammar(): void {
    const told = this.#toldGrammar;
    if (told === undefined || told === this.#goodGrammar) return;
    if (this.#suspect === told) this.#judgeGrammar(told.version, "The recogniser broke twice while it took it.");
    this.#suspect = told;
  }

  #judgeGrammar(version: string | undefined, problem: string | undefined): void {
    const told = this.#toldGrammar;
    if (told === undefined || told.version !== version) return;
    if (problem === undefined) this.#goodGrammar = told;
    else if (this.#grammar === told) {
      this.#grammar = this.#goodGrammar;
      // The process keeps the good one by itself.
      this.#toldGrammar = this.#goodGrammar;
    }
    this.#listener.onGrammar(told.version, problem);
  }

  /** Only between two utterances. */
  #tellGrammar(): void {
    const [grammar, isReading] = [this.#grammar, this.#running?.isReading === true];
    if (grammar === undefined || grammar === this.#toldGrammar || isReading || this.#state.kind !== "up") return;
    if (this.#host.post({ do: "use_grammar", grammar })) this.#toldGrammar = grammar;
  }
}

interface RunningDeps extends UtteranceOptions {
  readonly number: number;
  readonly post: (order: Order) => boolean;
  /** Once: the decoder is free again. */
  readonly onOver: () => void;
}

type Progress = "waiting" | "reading" | "finishing" | "over";

/** The utterance that a decoder reads, or that waits for it. */
class Running implements Utterance {
  readonly number: number;
  readonly #deps: RunningDeps;
  readonly #result = Promise.withResolvers<Readings>();
  #progress: Progress = "waiting";
  #waiting: Int16Array[] = [];
  #waitingSamples = 0;
  #isFinishAsked = false;

  constructor(deps: RunningDeps) {
    this.#deps = deps;
    this.number = deps.number;
    // Whoever never asks for the result need not hear of its failure.
    this.#result.promise.catch(() => undefined);
  }

  get isReading(): boolean {
    return this.#progress === "reading" || this.#progress === "finishing";
  }

  feed(pcm: Int16Array): void {
    if (this.#progress !== "waiting" && this.#progress !== "reading") return;
    this.#waiting.push(pcm);
    this.#waitingSamples += pcm.length;
    while (this.#waitingSamples > WAITING_SAMPLES_MAX) this.#waitingSamples -= this.#waiting.shift()?.length ?? 0;
    if (this.#progress === "reading" && this.#waitingSamples >= PIECE_SAMPLES) this.#handOver();
  }

  finish(): Promise<Readings> {
    this.#isFinishAsked = true;
    if (this.#progress === "reading") this.#finish();
    return this.#result.promise;
  }

  drop(): void {
    if (this.isReading) this.#deps.post({ do: "drop" });
    this.#end();
    this.#result.reject(new EngineError("The utterance was dropped.", { remedy: "Say it again." }));
  }

  /** The decoder is up. */
  start(): void {
    if (this.#progress !== "waiting") return;
    this.#progress = "reading";
    this.#post({ do: "begin", utterance: this.number });
    this.#handOver();
    if (this.#isFinishAsked) this.#finish();
  }

  hearPartial(readings: Parameters<UtteranceOptions["onPartial"]>[0]): void {
    if (this.#progress === "reading") this.#deps.onPartial(readings);
  }

  settle(readings: Readings): void {
    this.#end();
    this.#result.resolve(readings);
  }

  /** The decoder broke under it. */
  fail(error: EngineError): void {
    if (this.#progress === "over") return;
    this.#end();
    this.#result.reject(error);
    this.#deps.onBroken(error);
  }

  #end(): void {
    if (this.#progress === "over") return;
    this.#progress = "over";
    this.#waiting = [];
    this.#deps.onOver();
  }

  #finish(): void {
    this.#handOver();
    if (this.#progress === "over") return;
    this.#progress = "finishing";
    this.#post({ do: "finish" });
  }

  /** All that waits, as one sound in pieces. */
  #handOver(): void {
    const sound = joinPcm(this.#waiting.splice(0));
    this.#waitingSamples = 0;
    for (let from = 0; from < sound.length; from += PIECE_SAMPLES) {
      this.#post({ do: "feed", pcm: sound.slice(from, from + PIECE_SAMPLES) });
    }
  }

  #post(order: Order): void {
    if (this.#progress === "over" || this.#deps.post(order)) return;
    this.fail(
      new EngineError("The recogniser cannot keep up with the sound.", {
        remedy: "Give this machine less to do, or set STT_PROFILE to narrow.",
      }),
    );
  }
}
