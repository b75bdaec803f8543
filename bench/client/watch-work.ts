import { monitorEventLoopDelay } from "node:perf_hooks";
import { monotonicMs } from "./monotonic.ts";
import type { Work } from "./peer-orders.ts";

const RESOLUTION_MS = 1;

/** Measures this process from now to the call of what it returns. */
export function watchWork(): () => Work {
  globalThis.gc?.();
  const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  loop.enable();
  const startedAtMs = monotonicMs();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    const endedAtMs = monotonicMs();
    loop.disable();
    return {
      cpuUs: user + system,
      startedAtMs,
      endedAtMs,
      // Its histogram holds the whole time from tick to tick, in nanoseconds.
      loopLagP99Ms: Math.max(0, loop.percentile(99) / 1e6 - RESOLUTION_MS),
    };
  };
}
