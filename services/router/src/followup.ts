/** Listening on after an answer, without another wake phrase. Pure. */
import type { Peers } from "./peers.ts";
import type { Expectation } from "./plans.ts";
import type { Patience, Rules } from "./rules.ts";
import { type Window, windowDueAtMs } from "./window.ts";

export interface Followup {
  /** Its turn begins with the utterance. */
  readonly window: Window;
  /** How that turn begins: by the wake phrase only where it was said into the end of our speech. */
  readonly origin: "wake" | "followup";
  /** The turn before it; undefined when there was none. */
  readonly lastUttId: string | undefined;
  readonly expects: Expectation;
  readonly patience: Patience;
}

/** When it ends at the latest, if nothing happens. */
export function followupDueAtMs({ window, patience }: Followup, peers: Peers, rules: Rules): number {
  return windowDueAtMs(window, peers, { patience, rules });
}

/** Who was asked something has longer to answer. */
export function patienceAfter(
  { text, expects }: { readonly text: string; readonly expects: Expectation },
  rules: Rules,
): Patience {
  const isQuestion = expects === "yes_no" || /\?["'”’»)\]\s]*$/u.test(text);
  return isQuestion ? rules.followupToQuestion : rules.followup;
}
