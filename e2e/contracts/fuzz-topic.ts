/** Shoots at one topic and holds what became of each payload against what had to. */
import type { Topic } from "@ts-tars/mqtt/contract";
import type { Handled, Outcome } from "./lanes.ts";
import { createOracle, type Expectation } from "./oracle.ts";
import { loadMagazine, type Shot } from "./payloads.ts";
import { readPublishedSchema } from "./published-schema.ts";
import type { Stand } from "./stand.ts";

/** What became of all payloads of one topic. */
export interface Tally {
  readonly topic: string;
  readonly sent: number;
  readonly accepted: number;
  readonly refused: number;
  /** Neither accepted nor refused, by the name of the reason. */
  readonly counted: ReadonlyMap<string, number>;
  /** Envelopes with one broken key; none of them ran. */
  readonly brokenEnvelopes: number;
  readonly targets: readonly string[];
  readonly missed: readonly string[];
  readonly violations: readonly string[];
  /** The run was given up before the last payload. */
  readonly isLeft: boolean;
}

export interface FuzzOptions {
  /** Each has one payload of the topic on its way at a time. */
  readonly stands: readonly Stand[];
  readonly seed: number;
  readonly count: number;
}

/** After so many violations the topic is left: they are mostly one. */
const VIOLATIONS_MAX = 5;
const PAYLOAD_CHARS_SHOWN = 600;

/** The payloads are the same for the same seed, whichever stand each of them goes through. */
export async function fuzzTopic(topic: Topic, { stands, seed, count }: FuzzOptions): Promise<Tally> {
  const schema = topic.wire === "binary" ? undefined : readPublishedSchema(topic);
  const expect = createOracle(topic, schema);
  const { targets, shots } = loadMagazine(topic, schema, seed);
  const books = openBooks(targets);
  const numbered = shots[Symbol.iterator]();
  let drawn = 0;
  let isLeft = false;
  const runLane = async (stand: Stand): Promise<void> => {
    while (drawn < count && books.violations.length < VIOLATIONS_MAX) {
      drawn += 1;
      const number = drawn;
      const shot = numbered.next().value;
      const expected = expect(shot.payload);
      const outcome = await stand.shoot(topic, shot.payload);
      if (outcome === undefined) {
        isLeft = true;
        return;
      }
      const objection = judge(topic, { shot, expected, outcome });
      books.enter({ shot, expected, outcome });
      if (objection === undefined) continue;
      books.violations.push(`payload ${number} (${shot.how}): ${objection}\n${shown(shot.payload)}`);
    }
  };
  await Promise.all(stands.map(runLane));
  return { topic: topic.name, ...books.sums, ...books, targets, missed: [...books.missed], isLeft };
}

function openBooks(targets: readonly string[]) {
  const missed = new Set(targets);
  const counted = new Map<string, number>();
  const violations: string[] = [];
  const sums = { sent: 0, accepted: 0, refused: 0, brokenEnvelopes: 0 };
  const enter = ({ shot: { hit = "", isBrokenEnvelope }, expected, outcome }: Case): void => {
    sums.sent += 1;
    missed.delete(hit);
    if (isBrokenEnvelope === true) sums.brokenEnvelopes += 1;
    const name = nameOf(outcome, expected);
    if (name === "accepted" || name === "refused") sums[name] += 1;
    else counted.set(name, (counted.get(name) ?? 0) + 1);
  };
  return { missed, counted, violations, sums, enter };
}

/** Under which name it stands in the books. */
function nameOf(outcome: Outcome, expected: Expectation): string {
  if (outcome.kind === "counted") return outcome.name;
  if (outcome.kind === "refused" || outcome.kind === "vanished") return outcome.kind;
  return expected.kind === "handled" && expected.isStandIn === true ? "handled as empty" : "accepted";
}

interface Case {
  readonly shot: Shot;
  readonly expected: Expectation;
  readonly outcome: Outcome;
}

/** What is wrong with an outcome. */
function judge(topic: Topic, { shot, expected, outcome }: Case): string | undefined {
  if (outcome.kind === "handled") {
    if (shot.isBrokenEnvelope && topic.wire !== "any") return "a broken envelope ran";
    if (expected.kind !== "handled") return `was handled, and ${whyNot(expected)}`;
    return expected.objection(outcome.data) ?? objectionToEnvelope(expected.envelope, outcome);
  }
  if (outcome.kind === "vanished") return "nothing became of it, and as little when it was sent again";
  if (outcome.kind === "cleared") return expected.kind === "cleared" ? undefined : "was taken for an empty payload";
  if (outcome.kind === "counted") {
    const isExplained =
      (outcome.name === "failed_replies_skipped" && expected.kind === "refused" && expected.isFailedReply) ||
      // This machine was too busy to handle it within its time to live.
      (outcome.name === "expired_inbound" && expected.kind === "handled" && topic.ttlMs !== "none");
    return isExplained ? undefined : `was counted as ${outcome.name}, and was to be ${expected.kind}`;
  }
  return expected.kind === "refused" ? undefined : `was refused (${outcome.reason}), and was to be ${expected.kind}`;
}

function whyNot(expected: Exclude<Expectation, { kind: "handled" }>): string {
  return expected.kind === "refused" ? expected.why : "is empty";
}

function objectionToEnvelope(
  envelope: Readonly<Record<string, unknown>> | undefined,
  { id, source, correlationId }: Handled,
): string | undefined {
  if (envelope === undefined) return source === "" ? undefined : "has a source out of nowhere";
  const isSame =
    id === envelope["id"] &&
    source === envelope["source"] &&
    correlationId === (envelope["correlation_id"] ?? undefined);
  return isSame ? undefined : "was handled under another id, source or turn";
}

function shown(payload: Buffer): string {
  const text = JSON.stringify(payload.toString("utf8"));
  const isText = Buffer.from(payload.toString("utf8")).equals(payload);
  const whole = isText ? text : `base64 ${payload.toString("base64")}`;
  return whole.length > PAYLOAD_CHARS_SHOWN
    ? `${whole.slice(0, PAYLOAD_CHARS_SHOWN)}… (${payload.length} bytes)`
    : whole;
}
