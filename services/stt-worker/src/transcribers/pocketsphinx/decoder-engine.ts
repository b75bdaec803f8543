import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine } from "@ts-tars/audio";
import { isBelievable } from "../../command-check.ts";
import { arpaOf } from "../../command-language-model.ts";
import { type ParsedGrammar, parseJsgf, wordsOf } from "../../jsgf.ts";
import { QUESTION_OPENINGS } from "../../question-openings.ts";
import { sampleSentences } from "../../sample-grammar.ts";
import type { DecoderFacts, Grammar, PartialReadings, Profile, Reading } from "../../transcriber.ts";
import { measure, warmUp } from "./built-in-speech.ts";
import type { Native } from "./library.ts";
import { findModels, type Models } from "./models.ts";
import type { Init, News, Order } from "./orders.ts";
import { COMMANDS_SHARE, grammarOptions, openOptions } from "./profiles.ts";
import { Recogniser } from "./recogniser.ts";

export interface DecoderEngineDeps extends Init {
  readonly native: Native;
  readonly tell: (news: News) => void;
}

/** A partial is read so often. */
const PARTIAL_SAMPLES = 1_600;

/** Does what it is told, one order after the other, and blocks as long as it takes. */
export class DecoderEngine implements Engine<Order> {
  readonly #tell: (news: News) => void;
  readonly #facts: DecoderFacts;
  /** Of open speech; undefined where the machine is too slow for it. */
  readonly #open: Recogniser | undefined;
  readonly #commands: Recogniser;
  readonly #models: Models;
  #grammarVersion: string | undefined;
  #utterance = 0;
  #unreadSamples = 0;

  /** @throws {EngineError} when library or models are missing or refuse to work. */
  constructor({ native, modelDir, profile, tell }: DecoderEngineDeps) {
    const models = findModels(modelDir);
    this.#models = models;
    this.#tell = tell;
    const { recogniser, facts } = openFor(native, models, profile);
    this.#open = recogniser;
    this.#facts = facts;
    this.#commands = new Recogniser(native, { hmm: models.hmm, dict: models.dict, ...grammarOptions(facts.profile) });
  }

  handle(order: Order): void {
    switch (order.do) {
      case "introduce":
        this.#tell({ type: "introduced", facts: this.#facts });
        return;
      case "begin":
        this.#utterance = order.utterance;
        this.#unreadSamples = 0;
        for (const recogniser of this.#all()) recogniser.begin();
        return;
      case "feed":
        this.#feed(order.pcm);
        return;
      case "finish":
        this.#finish();
        return;
      case "drop":
        for (const recogniser of this.#all()) recogniser.end();
        return;
      case "use_grammar": {
        const problem = this.#useGrammar(order.grammar);
        this.#tell({ type: "grammar", version: order.grammar.version, problem });
        return;
      }
    }
  }

  /** A decoder with no grammar has nothing to search. */
  #all(): readonly Recogniser[] {
    const commands = this.#grammarVersion === undefined ? [] : [this.#commands];
    return this.#open === undefined ? commands : [this.#open, ...commands];
  }

  #feed(pcm: Int16Array): void {
    for (const recogniser of this.#all()) recogniser.feed(pcm);
    this.#unreadSamples += pcm.length;
    if (this.#unreadSamples < PARTIAL_SAMPLES || this.#facts.profile === "narrow") return;
    this.#unreadSamples = 0;
    this.#tell({ type: "partial", utterance: this.#utterance, readings: this.#readings() });
  }

  /** A command that is clear already is told before the open decoder passes over the sound a second time. */
  #finish(): void {
    if (this.#grammarVersion !== undefined) this.#commands.end();
    const { open, command } = this.#readings();
    const isClear = command !== undefined && isBelievable(command, open);
    if (isClear) this.#tellFinal({ open, command });
    this.#open?.end();
    if (isClear) return;
    const again = this.#open?.reading;
    // The second pass searches only what the first one has left: where noise left it too little, it finds nothing.
    this.#tellFinal({ open: again?.text === "" ? open : again, command });
  }

  #tellFinal(readings: PartialReadings): void {
    const words = this.#open?.words ?? [];
    const final = { ...readings, words, grammarVersion: this.#grammarVersion };
    this.#tell({ type: "final", utterance: this.#utterance, readings: final });
  }

  #readings(): PartialReadings {
    return {
      open: this.#open && fitted(this.#open),
      command: this.#grammarVersion === undefined ? undefined : fitted(this.#commands),
    };
  }

  /** Why it was not taken; then the one before stays. */
  #useGrammar({ version, jsgf, words }: Grammar): string | undefined {
    for (const { word, phones } of words) {
      this.#commands.learn(word, phones);
      this.#open?.learn(word, phones);
    }
    let grammar: ParsedGrammar;
    try {
      grammar = parseJsgf(jsgf);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    const unknown = [...wordsOf(grammar)].filter((word) => this.#commands.phonesOf(word).length === 0);
    if (unknown.length > 0) return `The dictionary does not know: ${unknown.slice(0, 10).join(", ")}.`;
    if (!this.#commands.useGrammar(jsgf)) return "PocketSphinx does not accept the grammar.";
    if (this.#open !== undefined) expectCommands(this.#open, grammar, this.#models);
    // Without a grammar it had nothing to search, so that it could not hear anything yet.
    if (this.#grammarVersion === undefined) warmUp(this.#commands);
    this.#grammarVersion = version;
    return undefined;
  }
}

function fitted(recogniser: Recogniser): Reading {
  return { ...recogniser.reading, fit: recogniser.fit };
}

/** Enough that each way to say each command comes; as many questions as commands. */
const SAMPLE_COUNT = 9_000;

/**
 * Mixes what people say to the robot into the language model of open speech. Where there is no room for the file that PocketSphinx
 * reads it from, open speech is read as before: a full disk must not cost the robot its ears.
 */
function expectCommands(open: Recogniser, grammar: ParsedGrammar, { lm }: Models): void {
  const model = arpaOf(sampleSentences(grammar, SAMPLE_COUNT), sampleSentences(QUESTION_OPENINGS, SAMPLE_COUNT));
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), "ts-tars-commands-"));
    const path = join(folder, "commands.lm");
    writeFileSync(path, model);
    open.useMixture([
      { path: lm, share: 1 - COMMANDS_SHARE },
      { path, share: COMMANDS_SHARE },
    ]);
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

interface Opened {
  readonly recogniser: Recogniser | undefined;
  readonly facts: DecoderFacts;
}

/** Opens the decoder of open speech as this machine can bear it; it has heard speech then. */
function openFor(native: Native, models: Models, wanted: Profile | undefined): Opened {
  if (wanted !== undefined) {
    return { recogniser: openWarm(native, models, wanted), facts: { profile: wanted, realTimeRatio: 0 } };
  }
  const recogniser = new Recogniser(native, { ...models, ...openOptions("full") });
  const facts = measure(recogniser);
  if (facts.profile === "full") return { recogniser, facts };
  recogniser.free();
  return { recogniser: openWarm(native, models, facts.profile), facts };
}

function openWarm(native: Native, models: Models, profile: Profile): Recogniser | undefined {
  if (profile === "grammar_only") return undefined;
  const recogniser = new Recogniser(native, { ...models, ...openOptions(profile) });
  warmUp(recogniser);
  return recogniser;
}
