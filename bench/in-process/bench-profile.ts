/**
 * `npm run bench:profile -- CASE [ours|mqttjs|mqttjs_tuned]`: where the time of a case of `bench:client` goes, by folder and by
 * function, self time. The profiler takes its own share: the figures of the bench are not to be read here.
 */
import { drawText } from "../ends/payload.ts";
import { rollDice } from "../scorecard/dice.ts";
import { measureInProcess } from "./fork-run.ts";
import { clientLoads, profiledRun } from "./in-process-cases.ts";
import { describeSelfTimes } from "./self-times.ts";

const FUNCTIONS = 40;
const CONTESTANTS = ["ours", "mqttjs", "mqttjs_tuned"] as const;

const [name = "", who = "ours"] = process.argv.slice(2);
const load = clientLoads.get(name);
const contestant = CONTESTANTS.find((known) => known === who);
if (load === undefined || contestant === undefined) {
  const cases = [...clientLoads.keys()].join(", ");
  process.stderr.write(`npm run bench:profile -- CASE [${CONTESTANTS.join("|")}]\n\nCases: ${cases}\n`);
  process.exitCode = 2;
} else {
  const run = profiledRun(load, { contestant, text: drawText(rollDice(0)) });
  const { selfTimes, cpuUs } = await measureInProcess(run, new AbortController().signal);
  console.log(`${name}, ${contestant}: ${cpuUs.toFixed(1)} µs of CPU a message, the profiler's included`);
  if (selfTimes !== undefined) console.log(describeSelfTimes(selfTimes, FUNCTIONS));
}
