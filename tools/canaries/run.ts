/**
 * `npm run canaries [-- name …]` and `npm run mutants`: breaks the product, one line at a time, and demands that the named test
 * notices. Exit code 1 when one does not, 2 when what is asked for does not exist.
 */
import { groups } from "./breaks.ts";
import type { Canary } from "./canary.ts";
import { choose } from "./choose.ts";
import { tryCanaries } from "./try-canaries.ts";

const choice = choose(process.argv.slice(2), groups);
if (choice.kind === "refused") {
  console.log(choice.problem);
  process.exitCode = 2;
} else {
  await tryAll(choice.canaries);
}

async function tryAll(canaries: readonly Canary[]): Promise<void> {
  const startedAtMs = performance.now();
  let noticed = 0;
  for await (const { canary, verdict } of tryCanaries(process.cwd(), canaries)) {
    if (verdict.kind === "noticed") noticed += 1;
    console.log(verdict.kind === "noticed" ? `ok      ${canary.name}` : `USELESS ${canary.name}: ${verdict.problem}`);
  }
  const tookSec = Math.round((performance.now() - startedAtMs) / 1_000);
  console.log(`${noticed} of ${canaries.length} breaks were noticed, in ${tookSec} s`);
  if (noticed < canaries.length) process.exitCode = 1;
}
