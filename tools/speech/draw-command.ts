/**
 * Commands as people say them, drawn from the router's own intents: every way through a template may come, with the speaker's own
 * words where it leaves room for them. Pure.
 */
import type { IntentBook } from "../../services/router/src/intent-file.ts";
import { type Intent, understand } from "../../services/router/src/intents.ts";
import { isMeasure } from "../../services/router/src/slot-types.ts";
import type { Template, TemplateNode } from "../../services/router/src/template.ts";
import { listOf, phraseOf, type Vocabulary } from "../../services/router/src/vocabulary.ts";
import { GIVEN_NAMES, SPOKEN_TEXTS } from "./free-words.ts";
import type { Random } from "./random.ts";

/** A sentence, and what the robot has to understand. */
export interface Command {
  readonly text: string;
  readonly intent: string;
  readonly slots: Readonly<Record<string, string>>;
}

/** Optional parts come rarely: people are brief. */
const OPTIONAL_PROBABILITY = 0.35;
const COURTESY_PROBABILITY = 0.12;
/** What templates allow and nobody says: "one minutes", "two step forward", "a eight"; before "timer" the number's noun is singular. */
const UNSAID = [
  /\b(a|an|one) (seconds|minutes|hours|steps|meters|centimeters|metres|centimetres|feet|inches)\b/,
  /\b(?!an?\b|one\b|half\b|of\b|the\b|take\b|and\b)\S+ (second|minute|hour|step|meter|metre|centimeter|centimetre|foot|inch)\b(?! timer)/,
  /\b(seconds|minutes|hours) timer\b/,
  /\ba (eight|eleven|eighteen|hour|inch|an|half an|one|a)\b/,
  /\ban (?!hour|inch|eight|eleven|egg|oven)/,
  /\b(hundred|zero) (step|steps)\b/,
];
/** A drawn sentence may belong to an earlier intent ("stop moving"); then another one is drawn. */
const ATTEMPTS = 50;

/** A command of this intent. @throws {Error} when none of its sentences is understood as it is meant. */
export function drawCommand(book: IntentBook, intent: Intent, random: Random): Command {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const text = drawSentence(book, intent, random);
    if (UNSAID.some((pattern) => pattern.test(text))) continue;
    const understood = understand(text, book);
    if (understood?.name === intent.name) return { text, intent: intent.name, slots: understood.slots };
  }
  throw new Error(`No sentence of the intent "${intent.name}" is understood as it.`);
}

/** Commands of all intents in turn, so that each comes as often as any other, in an order of chance. */
export function drawCommands(book: IntentBook, count: number, random: Random): readonly Command[] {
  const commands: Command[] = [];
  while (commands.length < count) {
    for (const intent of random.shuffle(book.intents)) commands.push(drawCommand(book, intent, random));
  }
  return random.shuffle(commands.slice(0, count));
}

function drawSentence({ courtesies, vocabulary }: IntentBook, intent: Intent, random: Random): string {
  const walker = new Walker(vocabulary, random);
  return [
    ...(random.isTrue(COURTESY_PROBABILITY) ? walker.sequence(courtesies.before) : []),
    ...walker.sequence(random.pick(intent.templates)),
    ...(random.isTrue(COURTESY_PROBABILITY) ? walker.sequence(courtesies.after) : []),
  ].join(" ");
}

class Walker {
  readonly #vocabulary: Vocabulary;
  readonly #random: Random;

  constructor(vocabulary: Vocabulary, random: Random) {
    this.#vocabulary = vocabulary;
    this.#random = random;
  }

  sequence(template: Template): readonly string[] {
    return template.flatMap((node) => this.#node(node));
  }

  #node(node: TemplateNode): readonly string[] {
    switch (node.kind) {
      case "word":
        return [node.word];
      case "digits":
        return ["five"];
      case "phrase":
        return this.sequence(phraseOf(this.#vocabulary, node.name).spoken);
      case "choice":
        if (node.isOptional && !this.#random.isTrue(OPTIONAL_PROBABILITY)) return [];
        return this.sequence(this.#random.pick(node.options));
      case "slot":
        return this.#slot(node.type);
    }
  }

  #slot(type: string): readonly string[] {
    if (type === "text") return [this.#random.pick(SPOKEN_TEXTS)];
    if (type === "name") return [this.#random.pick(GIVEN_NAMES)];
    if (isMeasure(type)) return this.sequence(phraseOf(this.#vocabulary, type).spoken);
    return this.sequence(this.#random.pick(listOf(this.#vocabulary, type)).template);
  }
}
