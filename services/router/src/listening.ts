/**
 * One turn while its words are awaited from the microphone. Pure.
 *
 *   open ──transcript──▶ the turn goes on as a question
 *    │ └──nobody speaks any more, or never did──▶ over, `no_speech`
 *    └──button released──▶ released ──transcript, or none──▶ the same
 *
 * Whoever leaves it closes the grant in the same step.
 */
import type { Peers } from "./peers.ts";
import type { Rules } from "./rules.ts";
import type { Effect } from "./turn.ts";
import { openGrant, type Window, windowDueAtMs } from "./window.ts";

export interface Listening extends Window {
  readonly origin: "wake" | "button";
  /** Whether the answer is spoken. */
  readonly speak: "auto" | "yes" | "no";
  /** Of a wake phrase it is `open`: silence ends what is said. */
  readonly button:
    | { readonly kind: "open" }
    | { readonly kind: "released"; readonly atMs: number; readonly toSample: number | undefined };
}

/** When it ends at the latest, if nothing happens. */
export function listeningDueAtMs(listening: Listening, peers: Peers, rules: Rules): number {
  const { button } = listening;
  if (button.kind === "open") return windowDueAtMs(listening, peers, { patience: rules.listening, rules });
  return windowDueAtMs(listening, peers, { patience: rules.released, rules, fromMs: button.atMs });
}

/** What the microphone may do now, said anew. */
export function grantOf(
  listening: Listening,
  { atMs, rules }: { readonly atMs: number; readonly rules: Rules },
): Effect {
  const { uttId, button } = listening;
  if (button.kind === "released") {
    return { do: "grant", uttId, grant: "armed", isFinishing: true, toSample: button.toSample };
  }
  return openGrant(listening, { quietMs: rules.listening.quietMs, atMs, rules });
}
