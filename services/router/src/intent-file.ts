/**
 * The intents file: what is wrong with one, all at once and each with its line, and the book made of it. Pure: the text is parsed
 * by a provider (`intent-files/`), which also knows on which line a thing stands.
 */
import type { z } from "zod";
import { Action, FACTS, NotBuilt, textsOf } from "./actions.ts";
import {
  FileParts,
  IntentTemplates,
  ListEntry,
  NAME,
  PhraseEntry,
  PronunciationEntry,
  VALUE_NAME,
} from "./intent-schema.ts";
import type { Courtesies, Intent } from "./intents.ts";
import { type Phrase, parsePhrase } from "./phrases.ts";
import { MEASURE_PHRASES } from "./slot-types.ts";
import { nodesOf, parseTemplate, type Template } from "./template.ts";
import { checkReferences, isAnchored } from "./template-checks.ts";
import { type Demands, demandsOf } from "./template-demands.ts";
import type { ListValue, Vocabulary } from "./vocabulary.ts";

type Path = readonly PropertyKey[];

/** A file as a provider read it. */
export interface IntentDocument {
  readonly value: unknown;
  /** Where the thing stands, or the nearest thing around it. */
  readonly lineOf: (path: Path) => number;
  /** What could not be read at all. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

/** Everything the robot understands, and how it is said. */
export interface IntentBook {
  /** In the order of preference. */
  readonly intents: readonly Intent[];
  readonly courtesies: Courtesies;
  readonly vocabulary: Vocabulary;
  readonly demands: ReadonlyMap<Template, Demands>;
  readonly pronunciations: ReadonlyMap<string, string>;
  readonly notBuilt: NotBuilt;
}

/** The book, or what is wrong: one sentence each, in the order of the lines. */
export type ReadBook =
  | { readonly book: IntentBook; readonly problems: readonly [] }
  | { readonly book: undefined; readonly problems: readonly string[] };

/** Courtesies around every template: phrases of the file. */
const BEFORE = "before";
const AFTER = "after";

export function readIntentFile(document: IntentDocument): ReadBook {
  const reading = new Reading(document);
  const book = document.problems.length === 0 ? reading.book() : undefined;
  return book === undefined ? { book, problems: reading.problems } : { book, problems: [] };
}

class Reading {
  readonly #document: IntentDocument;
  readonly #found: { readonly line: number; readonly message: string }[];

  constructor(document: IntentDocument) {
    this.#document = document;
    this.#found = [...document.problems];
  }

  get problems(): readonly string[] {
    const sorted = this.#found.toSorted((a, b) => a.line - b.line);
    return sorted.map(({ line, message }) => `line ${line}: ${message}`);
  }

  book(): IntentBook | undefined {
    const parts = this.#take(FileParts, this.#document.value, []);
    if (parts === undefined) return undefined;
    for (const part of ["phrases", "lists", "intents"] as const) this.#checkNames(parts[part], NAME, [part]);
    const vocabulary = { phrases: this.#phrases(parts.phrases), lists: this.#lists(parts.lists) };
    // Nothing can be made of phrases that contain themselves.
    if (!this.#areSoundPhrases(vocabulary)) return undefined;
    const courtesies = this.#courtesies(vocabulary);
    const pronunciations = this.#entries(parts.pronunciations, PronunciationEntry, ["pronunciations"]);
    const notBuilt = this.#take(NotBuilt, parts.not_built, ["not_built"]);
    const sources = Object.entries(parts.intents).map(([name, entry]) => this.#source(name, entry, vocabulary));
    if (this.#found.length > 0 || notBuilt === undefined) return undefined;
    const sound = sources.filter((source) => source !== undefined);
    const templates = sound.flatMap((intent) => [...intent.templates, ...intent.also, ...intent.unless]);
    const demands = new Map(templates.map((template) => [template, demandsOf(template, vocabulary)]));
    return { intents: sound, courtesies, vocabulary, demands, pronunciations: new Map(pronunciations), notBuilt };
  }

  #phrases(entries: Readonly<Record<string, unknown>>): ReadonlyMap<string, Phrase> {
    const measures = Object.entries(MEASURE_PHRASES).map(([name, source]) => [name, parsePhrase(source)] as const);
    const phrases = this.#entries(entries, PhraseEntry, ["phrases"]).map(([name, source]) => {
      const path = ["phrases", name];
      if (Object.hasOwn(MEASURE_PHRASES, name)) this.#add(path, `<${name}> is built in; choose another name.`);
      const phrase = this.#attempt(path, () => parsePhrase(source)) ?? parsePhrase(name);
      this.#refuseSlots(path, [...phrase.written, ...phrase.spoken]);
      return [name, phrase] as const;
    });
    return new Map([...phrases, ...measures]);
  }

  #lists(entries: Readonly<Record<string, unknown>>): ReadonlyMap<string, readonly ListValue[]> {
    const lists = this.#entries(entries, ListEntry, ["lists"]).map(([name, values]) => {
      this.#checkNames(values, VALUE_NAME, ["lists", name]);
      const parsed = Object.entries(values).map(([value, source]) => {
        const template = this.#attempt(["lists", name, value], () => parseTemplate(source)) ?? [];
        this.#refuseSlots(["lists", name, value], template);
        return { value, template };
      });
      return [name, parsed] as const;
    });
    return new Map(lists);
  }

  /** Which slots an intent has must be seen in its own templates. */
  #refuseSlots(path: Path, template: Template): void {
    const slot = nodesOf(template).find((node) => node.kind === "slot");
    if (slot !== undefined) this.#add(path, `The slot {${slot.name}} must stand in the template of an intent.`);
  }

  /** Each refers only to phrases that exist, and none to itself. */
  #areSoundPhrases({ phrases }: Vocabulary): boolean {
    const visit = (name: string, trail: readonly string[]): string | undefined => {
      if (trail.includes(name)) return `<${name}> contains itself, by way of ${trail.join(", ")}.`;
      const phrase = phrases.get(name);
      if (phrase === undefined) return `There is no phrase <${name}>.`;
      const inner = nodesOf([...phrase.written, ...phrase.spoken]).flatMap((node) =>
        node.kind === "phrase" ? [node.name] : [],
      );
      return inner.map((next) => visit(next, [...trail, name])).find((message) => message !== undefined);
    };
    const unsound = [...phrases.keys()].flatMap((name) => {
      const message = visit(name, []);
      return message === undefined ? [] : [{ name, message }];
    });
    for (const { name, message } of unsound) this.#add(["phrases", name], message);
    return unsound.length === 0;
  }

  #courtesies(vocabulary: Vocabulary): Courtesies {
    const courtesyOf = (name: string): Template => {
      const phrase = vocabulary.phrases.get(name);
      if (phrase !== undefined && isAnchored(phrase.written, vocabulary))
        this.#add(["phrases", name], `<${name}> must be optional as a whole.`);
      return phrase === undefined ? [] : [{ kind: "phrase", name }];
    };
    return { before: courtesyOf(BEFORE), after: courtesyOf(AFTER) };
  }

  #source(name: string, entry: unknown, vocabulary: Vocabulary): Intent | undefined {
    const path = ["intents", name];
    const written = this.#take(IntentTemplates, entry, path);
    const action = isObject(entry) ? this.#take(Action, actionIn(entry), path) : undefined;
    if (written === undefined) return undefined;
    const parse = (part: "templates" | "also" | "unless") =>
      written[part].map((source, index) => this.#template([...path, part, index], source, vocabulary));
    const [templates, also, unless] = [parse("templates"), parse("also"), parse("unless")];
    if (action === undefined) return undefined;
    this.#checkTexts(path, action, [...templates, ...also]);
    return { name, action, templates, also, unless };
  }

  #template(path: Path, source: string, vocabulary: Vocabulary): Template {
    const template = this.#attempt(path, () => parseTemplate(source));
    if (template === undefined) return [];
    const isTied = this.#attempt(path, () => {
      checkReferences(template, vocabulary);
      return isAnchored(template, vocabulary);
    });
    if (isTied === false)
      this.#add(path, "It has no word that must be said: it would be found in any utterance, or in none.");
    return template;
  }

  #checkTexts(path: Path, action: Action, templates: readonly Template[]): void {
    const slots = templates.flatMap(nodesOf).flatMap((node) => (node.kind === "slot" ? [node.name] : []));
    const facts = [...FACTS, ...(action.do === "volume" ? ["volume"] : [])];
    const known = new Set<string>([...facts, ...slots]);
    const unknown = textsOf(action).flatMap((text) =>
      [...text.matchAll(/\{([^}]*)\}/g)].map(([, name = ""]) => name).filter((name) => !known.has(name)),
    );
    for (const name of unknown)
      this.#add(path, `{${name}} is neither a slot of this intent nor one of ${facts.join(", ")}.`);
  }

  #checkNames(entries: object, pattern: RegExp, path: Path): void {
    for (const name of Object.keys(entries).filter((key) => !pattern.test(key)))
      this.#add([...path, name], "A name is made of small letters, joined by _.");
  }

  #entries<Out>(entries: Readonly<Record<string, unknown>>, schema: z.ZodType<Out>, path: Path) {
    return Object.entries(entries).flatMap(([name, entry]) => {
      const taken = this.#take(schema, entry, [...path, name]);
      return taken === undefined ? [] : [[name, taken] as const];
    });
  }

  #take<Out>(schema: z.ZodType<Out>, value: unknown, path: Path): Out | undefined {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues) this.#add([...path, ...issue.path], issue.message);
    return undefined;
  }

  #attempt<Out>(path: Path, read: () => Out): Out | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.#add(path, error.message);
      return undefined;
    }
  }

  #add(path: Path, message: string): void {
    const where = path.length === 0 ? "" : `${path.map(String).join(".")}: `;
    this.#found.push({ line: this.#document.lineOf(path), message: `${where}${message.replace(/\.?$/, ".")}` });
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** What an intent's entry holds beside its templates. */
function actionIn({ templates: _t, also: _a, unless: _u, ...action }: Readonly<Record<string, unknown>>): unknown {
  return action;
}
