import { percentile } from "./figures.ts";

const TICK_MS = 10;

/** Watches how late a 10 ms timer fires: on a machine that is that busy a time says little. `stop` gives the p99. */
export function watchLateness(): { readonly stop: () => number } {
  const latenessMs: number[] = [];
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    latenessMs.push(Math.max(0, nowMs - lastMs - TICK_MS));
    lastMs = nowMs;
  }, TICK_MS);
  // What it watches may fail; that must not keep the process.
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
      return percentile(latenessMs, 99);
    },
  };
}
