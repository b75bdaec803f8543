/** Short against the time between two messages, so that they do not come in bursts. */
const TICK_MS = 5;

/** What to do how often; `tickMs`, by default 5, is how finely. */
export interface Pace {
  readonly perSecond: number;
  readonly act: () => void;
  readonly tickMs?: number;
}

/** Calls `act` so many times a second; what a busy process missed it makes up for. The returned function ends it. */
export function startPace({ perSecond, act, tickMs = TICK_MS }: Pace): () => void {
  const startedAtMs = performance.now();
  let done = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAtMs) * perSecond) / 1_000);
    for (; done < due; done += 1) act();
  }, tickMs);
  return () => clearInterval(timer);
}
