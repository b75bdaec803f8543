/** What a long run must have done to count. Pure. */
import type { Figures } from "./figures.ts";
import type { ClientKind, Fault, ScorecardCase } from "./scorecard-case.ts";

/** One demand, and what came of it. */
export interface NeedVerdict {
  readonly need: string;
  readonly value: number;
  readonly atLeast: number;
}

/** What is compared with is worth it only when the faults show something: losses by anybody's doing but the broker's, and swaps. */
const COMPARED = "losses or swaps of the client compared with";

/** Looks what is missing; empty when the run counts. */
export function missingOf(
  { needs }: Pick<ScorecardCase, "needs">,
  run: {
    readonly faults: readonly Pick<Fault, "counts">[];
    readonly columns: readonly { readonly client: ClientKind; readonly figures: Figures }[];
  },
): readonly NeedVerdict[] {
  const { messages, ...deeds } = needs;
  const done = Object.entries(deeds).map(([need, atLeast]) => ({
    need,
    value: run.faults.filter(({ counts }) => counts === need).length,
    atLeast,
  }));
  const ours = run.columns.filter(({ client }) => client === "ours").map(({ figures }) => figures.published);
  const sent = messages === undefined ? [] : [{ need: "messages", value: Math.min(...ours), atLeast: messages }];
  const others = run.columns.filter(({ client }) => client !== "ours");
  const compared = others.map(({ figures: { lost_by_client, lost_in_cut, out_of_order } }) => ({
    need: COMPARED,
    value: lost_by_client + lost_in_cut + out_of_order,
    atLeast: 1,
  }));
  return [...done, ...sent, ...compared].filter(({ value, atLeast }) => value < atLeast);
}
