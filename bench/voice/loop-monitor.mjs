/**
 * Preloaded into every service of a measured robot (`NODE_OPTIONS=--import …`): writes once a second how late its event loop is,
 * into the folder that VOICE_BENCH_LOOPS names, counted anew from when a file `begin` is there: a start is no talk. Plain JavaScript: npm itself, on an older Node, loads it too.
 */
import { existsSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";

const RESOLUTION_MS = 5;
const MS = 1e6;

const folder = process.env["VOICE_BENCH_LOOPS"];
const main = process.argv[1] ?? "";
// services/<name>/src/main.ts; other processes (npm, tars, engines) are not measured.
const service = basename(dirname(dirname(main)));
if (folder !== undefined && basename(main).startsWith("main.") && main.includes("/services/")) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let hasBegun = false;
  setInterval(() => {
    if (!hasBegun && existsSync(join(folder, "begin"))) {
      hasBegun = true;
      delay.reset();
      return;
    }
    // What is recorded is the time between two turns of a timer, its own period included.
    const p99Ms = Math.max(0, delay.percentile(99) / MS - RESOLUTION_MS);
    const maxMs = Math.max(0, delay.max / MS - RESOLUTION_MS);
    writeFileSync(join(folder, `${service}.json`), JSON.stringify({ p99Ms, maxMs, count: delay.count }));
  }, 1_000).unref();
}
