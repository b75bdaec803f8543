/**
 * Is the path to the broker alive? Pure.
 *
 *   quiet ──no bytes for probeAfterMs──▶ probing ──bytes──▶ quiet
 *                                          └──no bytes for probeTimeoutMs──▶ reset
 *
 * An evaluation that comes late means that this process was busy or asleep, not that the broker was silent: bytes
 * may wait unread. Then a probe starts anew.
 */
export type Vigil = { readonly kind: "quiet" } | { readonly kind: "probing"; readonly sinceMs: number };

export interface WatchdogTimes {
  readonly probeAfterMs: number;
  readonly probeTimeoutMs: number;
}

export const QUIET: Vigil = Object.freeze({ kind: "quiet" });

export type WatchdogAction = "none" | "ping" | "reset";

/** The next state, what to do, and when to look again (monotonic ms). */
export function look(
  state: Vigil,
  {
    nowMs,
    lastInboundAtMs,
    isLate,
  }: { readonly nowMs: number; readonly lastInboundAtMs: number; readonly isLate: boolean },
  { probeAfterMs, probeTimeoutMs }: WatchdogTimes,
): { readonly state: Vigil; readonly action: WatchdogAction; readonly nextAtMs: number } {
  const isAnswered = state.kind === "probing" && lastInboundAtMs > state.sinceMs;
  if (state.kind === "probing" && !isAnswered && !isLate) {
    const dueAtMs = state.sinceMs + probeTimeoutMs;
    return { state, action: nowMs >= dueAtMs ? "reset" : "none", nextAtMs: dueAtMs };
  }
  const quietUntilMs = lastInboundAtMs + probeAfterMs;
  if (nowMs < quietUntilMs) return { state: QUIET, action: "none", nextAtMs: quietUntilMs };
  return { state: { kind: "probing", sinceMs: nowMs }, action: "ping", nextAtMs: nowMs + probeTimeoutMs };
}
