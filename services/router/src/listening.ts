/**
 * One turn while its words are awaited from the microphone. Pure.
 *
 *   open ──transcript──▶ the turn goes on as a question
 *    │ └──nobody speaks any more, or never did──▶ over, `no_speech`
 *    └──button released──▶ released ──transcript, or none──▶ the same
 *
 * Whoever leaves it closes the grant in the same step.
 */
import type { Hearing, Peers } from "./peers.ts";
import type { Rules } from "./rules.ts";
import type { Effect } from "./turn.ts";
import { mark, type TurnClock } from "./turn-clock.ts";

export interface Listening {
  readonly uttId: string;
  /** Whether the answer is spoken. */
  readonly speak: "auto" | "yes" | "no";
  readonly captureId: string | undefined;
  readonly fromSample: number | undefined;
  readonly openedAtMs: number;
  /** Since when nobody speaks; while somebody does, when it was last quiet. */
  readonly quietSinceMs: number;
  readonly button:
    | { readonly kind: "open" }
    | { readonly kind: "released"; readonly atMs: number; readonly toSample: number | undefined };
  readonly clock: TurnClock;
}

/** When it ends at the latest, if nothing happens. */
export function listeningDueAtMs(listening: Listening, { ears, hearing }: Peers, rules: Rules): number {
  const { openedAtMs, quietSinceMs, button } = listening;
  const [fromMs, quietMs, mostMs] =
    button.kind === "open"
      ? [openedAtMs, rules.listenMs, rules.listenAtMostMs]
      : [button.atMs, rules.releaseMs, rules.releaseAtMostMs];
  const latest = fromMs + mostMs;
  if (ears === "unseen") return Math.min(latest, openedAtMs + rules.earsUnseenMs);
  if (hearing.activity !== "idle") return latest;
  const isQuietAnew = quietSinceMs > fromMs;
  return Math.min(latest, Math.max(fromMs + quietMs, isQuietAnew ? quietSinceMs + rules.listenGraceMs : fromMs));
}

/** Takes in what the microphone notices. */
export function notice(
  listening: Listening,
  { activity }: Hearing,
  { before, atMs }: { readonly before: Hearing; readonly atMs: number },
): Listening {
  if (activity === before.activity) return listening;
  const { clock } = listening;
  if (activity === "idle") return { ...listening, quietSinceMs: atMs };
  const heard = mark(clock, "speech_heard", { atMs });
  return { ...listening, clock: activity === "transcribing" ? mark(heard, "endpointed", { atMs }) : heard };
}

/** What the microphone may do now, said anew. */
export function grantOf(
  listening: Listening,
  { atMs, rules }: { readonly atMs: number; readonly rules: Rules },
): Effect {
  const { uttId, captureId, fromSample, button, openedAtMs } = listening;
  if (button.kind === "released") {
    return { do: "grant", uttId, grant: "armed", isFinishing: true, toSample: button.toSample };
  }
  const ttlMs = Math.max(rules.listenGraceMs, openedAtMs + rules.listenMs - atMs);
  return { do: "grant", uttId, grant: "open", captureId, fromSample, ttlMs };
}

/** The microphone hears the wake phrase and the stop word again, and nothing else. */
export function closeGrant(uttId: string): Effect {
  return { do: "grant", uttId, grant: "armed", isFinishing: false, toSample: undefined };
}
