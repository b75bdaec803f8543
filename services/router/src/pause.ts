/**
 * Speech that is held because somebody speaks into it. Pure.
 *
 *   awaited ──the loudspeaker is silent──▶ silent: what was said since is listened to
 *      └──not in 200 ms: told to pause──▶ not in 700 ms: told to stop
 */
import type { Peers } from "./peers.ts";
import type { Rules } from "./rules.ts";
import { type Window, windowDueAtMs } from "./window.ts";

export interface Pause {
  /** From the first sound of who speaks, or the end of the phrase; granted when nothing of ours sounds into it. */
  readonly window: Window;
  /** What led here: the wake phrase, speech over ours, or only the word of the loudspeaker that it is paused. */
  readonly by: "phrase" | "level" | "loudspeaker";
  readonly hold:
    | { readonly kind: "awaited"; readonly ordered: "nothing" | "pause" | "stop" }
    | { readonly kind: "silent" };
}

/** When it ends, if nothing more is heard. */
export function pauseEndsAtMs({ window }: Pause, peers: Peers, rules: Rules): number {
  return windowDueAtMs(window, peers, { patience: rules.pause, rules });
}

/** When something must be done about it. */
export function pauseDueAtMs(pause: Pause, peers: Peers, rules: Rules): number {
  const { window, hold } = pause;
  const endsAtMs = pauseEndsAtMs(pause, peers, rules);
  if (hold.kind === "silent" || hold.ordered === "stop") return endsAtMs;
  return Math.min(endsAtMs, window.openedAtMs + (hold.ordered === "nothing" ? rules.pauseOrderMs : rules.stopOrderMs));
}
