/** Live mode: the robot listens on without a wake phrase, until nobody has been understood for a while. Pure. */
import type { Patience, Rules } from "./rules.ts";

export type Live = { readonly kind: "off" } | { readonly kind: "on"; readonly untilMs: number };

export const NOT_LIVE: Live = { kind: "off" };

export function goLive(atMs: number, { liveMs }: Rules): Live {
  return { kind: "on", untilMs: atMs + liveMs };
}

/** Somebody was understood: it begins to count anew. */
export function keepLive(live: Live, { atMs, rules }: { readonly atMs: number; readonly rules: Rules }): Live {
  return live.kind === "on" ? goLive(atMs, rules) : live;
}

/** As it is now. */
export function liveAt(live: Live, atMs: number): Live {
  return live.kind === "on" && atMs >= live.untilMs ? NOT_LIVE : live;
}

export function liveDueAtMs(live: Live): number {
  return live.kind === "on" ? live.untilMs : Number.POSITIVE_INFINITY;
}

/** How long a follow-up lasts: until live mode ends. */
export function livePatience(
  { untilMs }: Live & { readonly kind: "on" },
  { atMs, rules }: { readonly atMs: number; readonly rules: Rules },
): Patience {
  const quietMs = untilMs - atMs;
  return { quietMs, atMostMs: quietMs + rules.listening.atMostMs };
}
