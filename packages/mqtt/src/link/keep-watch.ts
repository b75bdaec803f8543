import type { Clock } from "../clock.ts";
import { LinkError } from "../errors.ts";
import type { Transport } from "../transport/transport.ts";
import { look, QUIET, type Vigil, type WatchdogTimes } from "./watchdog.ts";

/** An evaluation this much after its time means that the event loop was blocked. */
const LATE_MS = 1_000;

/** Probes a connection and resets it when the path is dead; the returned function ends the watch. */
export function keepWatch(
  transport: Transport,
  { clock, times }: { readonly clock: Clock; readonly times: WatchdogTimes },
): () => void {
  let vigil: Vigil = QUIET;
  let cancel = (): void => undefined;
  const plan = (atMs: number): void => {
    cancel = clock.setTimer(Math.max(0, atMs - clock.nowMs()), () => evaluate(atMs));
  };
  const evaluate = (dueAtMs: number): void => {
    const nowMs = clock.nowMs();
    const facts = { nowMs, lastInboundAtMs: transport.lastInboundAtMs, isLate: nowMs - dueAtMs > LATE_MS };
    const next = look(vigil, facts, times);
    vigil = next.state;
    if (next.action === "reset") {
      const silentMs = Math.round(nowMs - facts.lastInboundAtMs);
      transport.destroy(
        new LinkError({ what: `nothing came from the broker for ${silentMs} ms, not even a PINGRESP` }),
      );
      return;
    }
    if (next.action === "ping") transport.ping();
    plan(next.nextAtMs);
  };
  plan(clock.nowMs() + times.probeAfterMs);
  return () => cancel();
}
