/** The moment and the place by which the intents answer. Pure: the clocks are arguments. */

export interface WallClock {
  /** Epoch ms. */
  readonly nowMs: () => number;
  /** A zone that `Intl` knows. */
  readonly timeZone: string;
}

export interface WallClockSettings {
  readonly timeZone: string | undefined;
  /** ISO 8601: the moment that is taken for now; time goes on from there. */
  readonly fakeNow: string | undefined;
}

/** `epochMs` is the real clock. */
export function wallClock({ timeZone, fakeNow }: WallClockSettings, epochMs: () => number): WallClock {
  const aheadMs = fakeNow === undefined ? 0 : Date.parse(fakeNow) - epochMs();
  return { nowMs: () => epochMs() + aheadMs, timeZone: knownZone(timeZone) };
}

/** `TZ` may hold what only the C library understands (`:/etc/localtime`, `CET-1CEST`): then the system's zone counts. */
function knownZone(name: string | undefined): string {
  const systems = Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    return Intl.DateTimeFormat("en-US", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return systems;
  }
}
