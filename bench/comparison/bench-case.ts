/** A comparison: what is measured, on which two sides, and what is demanded of it. */
import type { FigureSpec, Measurement } from "./figure.ts";

/** What a measurement is given. */
export interface Conditions {
  /** What is said in the messages, drawn by the seed. */
  readonly text: string;
  /** 1, or less where the whole bench is to be short: counts and durations are multiplied by it. */
  readonly scale: number;
  readonly signal: AbortSignal;
}

export type Measure = (conditions: Conditions) => Promise<Measurement>;

export interface BenchCase {
  /** As `--case` has it. */
  readonly name: string;
  /** One line: what is compared with what, under which load. */
  readonly summary: string;
  readonly figures: readonly FigureSpec[];
  readonly ours: Measure;
  /** The opponent, or ours under the lighter load. Undefined: nobody to compare with. */
  readonly other: Measure | undefined;
  /** Instead of as many pairs as the bench makes: for what takes long and has many samples in each measurement. */
  readonly pairCount?: number;
}
