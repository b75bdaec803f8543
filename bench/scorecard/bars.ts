/** What is demanded of the figures of a run, and whether they meet it. Pure. */
import type { Figures } from "./figures.ts";

/** What is demanded of one figure. */
export type Bar =
  | { readonly figure: keyof Figures; readonly atMost: number }
  | { readonly figure: keyof Figures; readonly atLeast: number };

/** A bar and what came of it. */
export interface BarVerdict {
  readonly bar: Bar;
  readonly value: number;
  readonly isMet: boolean;
}

/** Holds figures against bars; a figure that is no number meets none. */
export function judgeBars(figures: Figures, bars: readonly Bar[]): readonly BarVerdict[] {
  return bars.map((bar) => {
    const value = figures[bar.figure];
    return { bar, value, isMet: "atMost" in bar ? value <= bar.atMost : value >= bar.atLeast };
  });
}

/** Whether the figure is a time, which a busy machine can spoil. */
export function isTime({ bar }: BarVerdict): boolean {
  return bar.figure.endsWith("_ms");
}
