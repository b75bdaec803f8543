/**
 * What was said against what was heard: the figures of 04 and their bars. Pure.
 *
 * A bar is that of the full run, or, where a run is too small to show it, what a robot that just meets the bar still reaches with a
 * probability of 99.98 % (`eventsAtMost`). With 18 commands, 9 questions and 10 traps: at most 7 commands not right (10 % each), 5
 * taken for another (4 %), 2 traps taken (1 % each, about what three voices times 34 traps without a loss can exclude), words wrong
 * up to 62 % (mean 20 %, deviation of one sentence 30 %: four and a half standard errors with some room).
 */
import { wordsOf } from "../../services/router/src/words.ts";
import { eventsAtMost } from "./chance.ts";
import { exactRatio, type Heard, wordErrorRatio } from "./compare.ts";
import type { Utterance } from "./draw-utterances.ts";
import { VOICES } from "./manner.ts";

/** One utterance and what became of it. */
export interface Outcome {
  readonly utterance: Utterance;
  /** What was written down; undefined: it was refused. */
  readonly transcript: string | undefined;
  /** What it was taken for; undefined: no intent. */
  readonly intent: string | undefined;
  readonly slots: Readonly<Record<string, string>>;
}

/** One line; without a bar it is only reported. */
export interface Figure {
  readonly name: string;
  /** A part of the whole, 0 to 1 and, of word errors, beyond. */
  readonly ratio: number;
  readonly bar: { readonly kind: "at_least" | "at_most"; readonly ratio: number } | undefined;
  readonly sampleCount: number;
}

/** `exact`: the bars as they are. `chance`: as far as so few can show them. */
export type Strictness = "exact" | "chance";

const RISK = 2e-4;
/** Of word errors of single sentences, measured. */
const SENTENCE_DEVIATION = 0.3;
const STANDARD_ERRORS = 4.5;
/** The highest rate that a run without a trap taken can well come from. */
const TRAP_RATE = 0.01;

export function isMissed({ ratio, bar, sampleCount }: Figure): boolean {
  if (bar === undefined || sampleCount === 0) return false;
  // A ratio of counts and its bar may differ in the last bit.
  return bar.kind === "at_least" ? ratio < bar.ratio - 1e-9 : ratio > bar.ratio + 1e-9;
}

/** All figures of one run; commands with noise have a bar of their own. */
export function figuresOf(outcomes: readonly Outcome[], strictness: Strictness): readonly Figure[] {
  const of = (kind: Utterance["kind"]): readonly Outcome[] =>
    outcomes.filter(({ utterance }) => utterance.kind === kind);
  const commands = of("command");
  const quiet = commands.filter(({ utterance }) => utterance.snrDb === undefined);
  const noisy = commands.filter(({ utterance }) => utterance.snrDb !== undefined);
  const misses = misserFor(strictness);
  return [
    misses("commands not right, no noise", quiet, { isMiss: isNotRight, allowed: 0.1 }),
    misses("commands not right, pink noise", noisy, { isMiss: isNotRight, allowed: 0.22 }),
    misses("commands taken for another", commands, { isMiss: isWronglyTaken, allowed: 0.04 }),
    misses("traps taken for a command", of("trap"), { isMiss: isTaken, allowed: 0, ofChance: TRAP_RATE }),
    misses("questions taken for a command", of("question"), { isMiss: isTaken }),
    ...questionFigures(
      of("question").filter(({ utterance }) => utterance.snrDb === undefined),
      strictness,
    ),
    ...noisyQuestions(of("question").filter(({ utterance }) => utterance.snrDb !== undefined)),
  ].filter(({ sampleCount }) => sampleCount > 0);
}

interface Miss {
  readonly isMiss: (outcome: Outcome) => boolean;
  /** The part of them that may; undefined: reported only. */
  readonly allowed?: number;
  /** Instead of `allowed`, where that is 0 and so says nothing of chance. */
  readonly ofChance?: number;
}

function misserFor(strictness: Strictness) {
  return (name: string, outcomes: readonly Outcome[], { isMiss, allowed, ofChance = allowed }: Miss): Figure => {
    const sampleCount = outcomes.length;
    const isExact = strictness === "exact" || ofChance === undefined;
    const ratio = isExact ? allowed : eventsAtMost(sampleCount, ofChance, RISK) / Math.max(1, sampleCount);
    return {
      name,
      ratio: outcomes.filter(isMiss).length / Math.max(1, sampleCount),
      bar: ratio === undefined ? undefined : { kind: "at_most", ratio },
      sampleCount,
    };
  };
}

function questionFigures(questions: readonly Outcome[], strictness: Strictness): readonly Figure[] {
  const atMost = (allowed: number, sampleCount: number): number =>
    strictness === "exact"
      ? allowed
      : allowed + (STANDARD_ERRORS * SENTENCE_DEVIATION) / Math.sqrt(Math.max(1, sampleCount));
  const wrongWords = (name: string, asked: readonly Outcome[], allowed: number): Figure => ({
    name,
    ratio: wordErrorRatio(asked.map(heardOf)),
    bar: { kind: "at_most", ratio: atMost(allowed, asked.length) },
    sampleCount: asked.length,
  });
  const exactAtLeast =
    strictness === "exact" ? 0.45 : 1 - eventsAtMost(questions.length, 0.55, RISK) / Math.max(1, questions.length);
  return [
    wrongWords("questions, words wrong", questions, 0.2),
    ...VOICES.map((voice) =>
      wrongWords(
        `questions, words wrong, ${voice}`,
        questions.filter(({ utterance }) => utterance.manner.voice === voice),
        0.33,
      ),
    ),
    {
      name: "questions, every word right",
      ratio: exactRatio(questions.map(heardOf)),
      bar: { kind: "at_least", ratio: exactAtLeast },
      sampleCount: questions.length,
    },
  ];
}

/** Reported only. */
function noisyQuestions(questions: readonly Outcome[]): readonly Figure[] {
  const heard = questions.map(heardOf);
  const figure = { bar: undefined, sampleCount: questions.length };
  return [
    { name: "questions in noise, words wrong", ratio: wordErrorRatio(heard), ...figure },
    { name: "questions in noise, all right", ratio: exactRatio(heard), ...figure },
  ];
}

/** Comparable words: as the router compares them, so that "what's" is "what is". */
function heardOf({ utterance, transcript = "" }: Outcome): Heard {
  return { said: plainWords(utterance.text), heard: plainWords(transcript) };
}

function plainWords(text: string): readonly string[] {
  return wordsOf(text).map(({ word }) => word);
}

export function isNotRight({ utterance: { meaning }, intent, slots }: Outcome): boolean {
  return intent !== meaning?.intent || !isSame(slots, meaning?.slots ?? {});
}

/** As another command, or as the same with another meaning: what is done is wrong. A misheard word of free text is no other command. */
export function isWronglyTaken({ utterance: { meaning }, intent, slots }: Outcome): boolean {
  if (intent === undefined) return false;
  return intent !== meaning?.intent || !isSame({ ...slots, ...FREE }, { ...meaning.slots, ...FREE });
}

/** The slots that take any words. */
const FREE = { text: "" };

export function isTaken({ intent }: Outcome): boolean {
  return intent !== undefined;
}

function isSame(slots: Readonly<Record<string, string>>, others: Readonly<Record<string, string>>): boolean {
  const names = new Set([...Object.keys(slots), ...Object.keys(others)]);
  return [...names].every((name) => slots[name] === others[name]);
}

/** `ok     commands not right, no noise      4.4 %  (≤ 10.0 %, 180)`. */
export function lineOf(figure: Figure): string {
  const { name, ratio, bar, sampleCount } = figure;
  const verdict = bar === undefined ? "      " : isMissed(figure) ? "MISSED" : "ok    ";
  const limit = bar === undefined ? "" : `${bar.kind === "at_most" ? "≤" : "≥"} ${percent(bar.ratio)}, `;
  return `${verdict} ${name.padEnd(32)} ${percent(ratio).padStart(8)}  (${limit}${sampleCount})`;
}

const percent = (ratio: number): string => `${(100 * ratio).toFixed(1)} %`;
