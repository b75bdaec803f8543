/** All topics, some at a time, and the books of the whole run. */
import { CATALOGUE } from "@ts-tars/contracts";
import { fuzzTopic, type Tally } from "./fuzz-topic.ts";
import { openRange, type RangeOptions } from "./range.ts";
import { type Interruptions, openStand } from "./stand.ts";

export interface CampaignOptions {
  readonly seed: number;
  /** Payloads for each topic. */
  readonly count: number;
  /** The name of the only topic; all of them when undefined. */
  readonly only?: string | undefined;
  /** As each topic is done. */
  readonly onTally?: (tally: Tally) => void;
  /** Faults, for tests of this. */
  readonly range?: Omit<RangeOptions, "protocol">;
}

export interface Campaign {
  readonly tallies: readonly Tally[];
  /** What is wrong with the run as a whole. */
  readonly mishaps: readonly string[];
  /** Lost connections, which say nothing of contracts: what was on its way was sent again. */
  readonly interruptions: readonly string[];
  /** They were too many, and topics were left before their last payload. */
  readonly isGivenUp: boolean;
}

/** Neighbouring topics draw from places of the dice that lie far apart; a prime. */
const SEED_STRIDE = 7_919;
/** With one alone most of the time is waited: a payload of each topic is on its way, and the next one only when it has come. */
const RANGES = ["5", "3.1.1", "5", "3.1.1"] as const;
/** Enough that nothing waits for the way to a broker and back; of more at a time each takes longer, up to its time to live. */
const TOPICS_AT_A_TIME = 12;
/** A machine that was busy for a moment interrupts all ranges at once, and may do so again. */
const INTERRUPTIONS_MAX = 3 * RANGES.length;

export async function fuzzContracts({ seed, count, only, onTally, range }: CampaignOptions): Promise<Campaign> {
  await using stack = new AsyncDisposableStack();
  const interruptions: Interruptions = { reasons: [], max: INTERRUPTIONS_MAX };
  const stands = await Promise.all(
    RANGES.map(async (protocol) => {
      return stack.use(await openStand(() => openRange({ ...range, protocol }), interruptions));
    }),
  );
  const chosen = CATALOGUE.map((topic, index) => ({ topic, seed: seed + index * SEED_STRIDE })).filter(
    ({ topic }) => only === undefined || topic.name === only,
  );
  const tallies: Tally[] = [];
  const waiting = chosen.values();
  const takeTopics = async (): Promise<void> => {
    for (const { topic, seed: own } of waiting) {
      const tally = await fuzzTopic(topic, { stands, seed: own, count });
      tallies.push(tally);
      onTally?.(tally);
    }
  };
  await Promise.all(Array.from({ length: TOPICS_AT_A_TIME }, takeTopics));
  return {
    tallies,
    mishaps: stands.flatMap((stand) => stand.mishaps()),
    interruptions: interruptions.reasons,
    isGivenUp: interruptions.reasons.length > interruptions.max,
  };
}
