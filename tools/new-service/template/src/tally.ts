/**
 * How many answers the robot gave, by where each came from. Pure: no clock, no bus.
 *
 * Every `showEvery` answers the figures are worth showing.
 */
import type { AnswerPath } from "@ts-tars/contracts";

/** Answers so far, by path. */
export interface Tally {
  readonly counts: Readonly<Partial<Record<AnswerPath, number>>>;
  readonly showEvery: number;
}

export type TallyEvent = { readonly type: "answered"; readonly path: AnswerPath };

export type TallyEffect = { readonly do: "show"; readonly counts: Tally["counts"] };

/** Nothing counted yet. */
export function emptyTally(showEvery: number): Tally {
  return { counts: {}, showEvery };
}

/** The next state, and what must be done to get there, in order. */
export function step(state: Tally, event: TallyEvent): readonly [Tally, readonly TallyEffect[]] {
  const counts = { ...state.counts, [event.path]: (state.counts[event.path] ?? 0) + 1 };
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return [{ ...state, counts }, total % state.showEvery === 0 ? [{ do: "show", counts }] : []];
}
