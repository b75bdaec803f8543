/**
 * How well the sound fits what was read into it, from the scores of its segments. Pure.
 *
 * A score is a logarithm to the base 1.0001, shifted right by ten bits. The library counts it from the best state of the frame among
 * those that it has computed: a search of few words computes few, and looks better than it is. So two searches can be compared only
 * where both compute (nearly) all: `compallsen` of the grammar's, the thousands that are alive in the open one.
 */
import type { Fit } from "../../transcriber.ts";

/** Part of an alignment: a word, a silence, or a sound that is no word. */
export interface Segment {
  readonly word: string;
  readonly startFrame: number;
  /** The last one of it. */
  readonly endFrame: number;
  readonly acousticScore: number;
}

const LOG_OF_SCORE = 1_024 * Math.log(1.0001);

/** A step of the grammar without any sound. */
const NO_SOUND = "(NULL)";

/** `<s>`, `[NOISE]`, `++BREATH++`: silence and sounds. */
export function isWord(word: string): boolean {
  return /^[^<[+(]/.test(word);
}

/** Undefined where no word was read. */
export function fitOf(segments: readonly Segment[]): Fit | undefined {
  const heard = segments.filter(({ word }) => word !== NO_SOUND);
  const words = heard.filter(({ word }) => isWord(word));
  if (words.length === 0) return undefined;
  return {
    totalLog: sumOf(heard.map(logOf)),
    wordFrameCount: sumOf(words.map(framesOf)),
    worstWordLog: Math.min(...words.map((word) => logOf(word) / framesOf(word))),
  };
}

const logOf = ({ acousticScore }: Segment): number => LOG_OF_SCORE * acousticScore;
const framesOf = ({ startFrame, endFrame }: Segment): number => Math.max(1, endFrame + 1 - startFrame);
const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
