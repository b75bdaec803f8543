/**
 * The rules of our client that `--break` breaks, one at a time. The breaks themselves are canaries (`tools/canaries/breaks`), each
 * of which a test notices as well; here the whole scorecard has to.
 */
import { breaks } from "../../../tools/canaries/breaks.ts";
import type { Canary } from "../../../tools/canaries/canary.ts";
import type { Figures } from "../figures.ts";

/** A rule as it is called on the command line. */
export type BreakRule = "ack-early" | "ack-unordered" | "no-dedupe" | "stale-ack" | "drop-on-cut" | "no-resubscribe";

/** Which canary breaks a rule, and the figure that cannot stay at zero then. */
export const breakRules: Readonly<Record<BreakRule, { readonly canary: string; readonly figure: keyof Figures }>> = {
  "ack-early": { canary: "ack-before-handler", figure: "lost_by_client" },
  "ack-unordered": { canary: "ack-out-of-wire-order", figure: "acks_out_of_order" },
  "no-dedupe": { canary: "duplicate-filter-misses", figure: "duplicates" },
  "stale-ack": { canary: "stale-ack", figure: "stray_acks" },
  "drop-on-cut": { canary: "drop-in-flight-on-cut", figure: "lost_by_client" },
  "no-resubscribe": { canary: "session-trusted-without-resubscribing", figure: "lost_by_client" },
};

/** Whether it is one. */
export function isBreakRule(text: string): text is BreakRule {
  return Object.hasOwn(breakRules, text);
}

/** @throws {Error} when the canary is not there any more. */
export function canaryOf(rule: BreakRule): Canary {
  const { canary: wanted } = breakRules[rule];
  const canary = breaks.find(({ name }) => name === wanted);
  if (canary === undefined) throw new Error(`There is no canary named ${wanted}, which ${rule} stands for.`);
  return canary;
}
