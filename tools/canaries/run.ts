/**
 * `npm run canaries [-- name …]`: breaks the product, one line at a time, and demands that the named test notices.
 * Exit code 1 when one does not, or when there are fewer than the project promises.
 */
import { breaks } from "./breaks.ts";
import { tryCanaries } from "./try-canaries.ts";

/** The number the tests of this project are measured by. */
const PROMISED = 18;

const names = process.argv.slice(2);
const chosen = names.length === 0 ? breaks : breaks.filter(({ name }) => names.includes(name));
const startedAtMs = performance.now();
let noticed = 0;
for await (const { canary, verdict } of tryCanaries(process.cwd(), chosen)) {
  if (verdict.kind === "noticed") noticed += 1;
  console.log(verdict.kind === "noticed" ? `ok      ${canary.name}` : `USELESS ${canary.name}: ${verdict.problem}`);
}
const tookSec = Math.round((performance.now() - startedAtMs) / 1_000);
console.log(`${noticed} of ${chosen.length} breaks were noticed, in ${tookSec} s`);
const isEnough = names.length > 0 ? chosen.length === names.length : breaks.length >= PROMISED;
if (!isEnough)
  console.log(`At least ${PROMISED} canaries are promised; ${breaks.length} stand in tools/canaries/breaks.`);
if (noticed < chosen.length || !isEnough) process.exitCode = 1;
