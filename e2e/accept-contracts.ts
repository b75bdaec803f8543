/**
 * The handler never sees a message that its contract refuses, and an envelope with one broken key never runs as bare JSON: 10 000
 * payloads for each topic over a real Mosquitto, half of them a golden example with one thing wrong, judged by the published JSON
 * Schemas.
 *
 *   npm run accept:contracts -- [--seed N] [--count 10000] [--topic tts/say]
 *
 * A line for each topic as it is done, twelve are at a time. Exit code 1 when one payload was handled, refused or counted against its
 * contract, a member was never hit, or too few were accepted. A lost connection says nothing of contracts: what was on its way is sent
 * again, and the last lines name it. Exit code 3 when they were lost too often and topics were left, with nothing said against the rest.
 */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { fuzzContracts } from "./contracts/fuzz-all.ts";
import type { Tally } from "./contracts/fuzz-topic.ts";
import { openChecks } from "./support/checks.ts";

/** Of 10 000. */
const ACCEPTED_RATIO = 0.1;
/** Exit code of a run that says neither yes nor no. */
const GIVEN_UP = 3;

const { values } = parseArgs({
  options: { seed: { type: "string" }, count: { type: "string", default: "10000" }, topic: { type: "string" } },
});
const seed = Number(values.seed ?? randomInt(2 ** 31));
const count = Number(values.count);
const write = (line: string): void => void process.stdout.write(`${line}\n`);

// Half of the payloads end in an error of a parser or a contract; where it was made is not asked, and costs more than all the rest.
Error.stackTraceLimit = 0;

write(`accept:contracts, seed ${seed}`);
const startedAtMs = performance.now();
const checks = openChecks(write);
const { tallies, mishaps, interruptions, isGivenUp } = await fuzzContracts({
  seed,
  count,
  only: values.topic,
  onTally: report,
});
for (const mishap of mishaps.slice(0, 20)) checks.check("the run as a whole", false, mishap);
checks.check("there is a topic", tallies.length > 0, values.topic);
for (const why of interruptions) write(`again  what was on its way when a connection was lost: ${why}`);
if (isGivenUp) write("ENDED  connections were lost too often; of what was not sent nothing is known");
write(summary());
if (checks.failures() > 0) process.exitCode = 1;
else if (isGivenUp) process.exitCode = GIVEN_UP;

function report(tally: Tally): void {
  const { topic, sent, accepted, refused, counted, targets, missed, violations, isLeft } = tally;
  const others = [...counted].map(([name, times]) => `, ${times} ${name}`).join("");
  const hits = `${targets.length - missed.length} of ${targets.length} fields hit`;
  const figures = `${sent} sent, ${accepted} accepted, ${refused} refused${others}; ${hits}`;
  if (isLeft && violations.length === 0) {
    write(`ENDED  ${topic} (${figures})`);
    return;
  }
  const isEnough = accepted >= count * ACCEPTED_RATIO;
  const holds = isEnough && missed.length === 0 && violations.length === 0 && sent === count;
  checks.check(topic, holds, figures);
  if (missed.length > 0) write(`       never hit: ${missed.join(", ")}`);
  for (const violation of violations) write(`       seed ${seed}, ${violation.replaceAll("\n", "\n       ")}`);
}

function summary(): string {
  const sum = (of: (tally: Tally) => number): number => tallies.reduce((total, tally) => total + of(tally), 0);
  const tookSec = ((performance.now() - startedAtMs) / 1_000).toFixed(0);
  const figures = [
    `${tallies.length} topics, ${sum(({ sent }) => sent)} sent in ${tookSec} s`,
    `${sum(({ accepted }) => accepted)} accepted, ${sum(({ refused }) => refused)} refused`,
    `${sum(({ brokenEnvelopes }) => brokenEnvelopes)} broken envelopes`,
    `${sum(({ violations }) => violations.length)} violations`,
    `${interruptions.length} lost connections`,
  ];
  return `accept:contracts, seed ${seed}: ${figures.join("; ")}`;
}
