/** All topics at once, and the books of the whole run. */
import { CATALOGUE } from "@ts-tars/contracts";
import { fuzzTopic, type Tally } from "./fuzz-topic.ts";
import { openRange } from "./range.ts";

export interface CampaignOptions {
  readonly seed: number;
  /** Payloads for each topic. */
  readonly count: number;
  /** The name of the only topic; all of them when undefined. */
  readonly only?: string | undefined;
  /** As each topic is done. */
  readonly onTally?: (tally: Tally) => void;
}

export interface Campaign {
  readonly tallies: readonly Tally[];
  /** What is wrong with the run as a whole. */
  readonly mishaps: readonly string[];
}

/** Neighbouring topics draw from places of the dice that lie far apart; a prime. */
const SEED_STRIDE = 7_919;
/** With one alone most of the time is waited: a payload of each topic is on its way, and the next one only when it has come. */
const RANGES = ["5", "3.1.1", "5", "3.1.1"] as const;

export async function fuzzContracts({ seed, count, only, onTally }: CampaignOptions): Promise<Campaign> {
  await using stack = new AsyncDisposableStack();
  const ranges = await Promise.all(RANGES.map(async (protocol) => stack.use(await openRange(protocol))));
  const chosen = CATALOGUE.map((topic, index) => ({ topic, seed: seed + index * SEED_STRIDE })).filter(
    ({ topic }) => only === undefined || topic.name === only,
  );
  const tallies = await Promise.all(
    chosen.map(async ({ topic, seed: own }) => {
      const tally = await fuzzTopic(topic, { ranges, seed: own, count });
      onTally?.(tally);
      return tally;
    }),
  );
  // Each refusal is buried, or dropped where nothing is (QoS 0, and letters themselves): no third way.
  const refused = tallies.reduce((sum, tally) => sum + tally.refused, 0);
  const ended = ranges.reduce((sum, { count: of }) => sum + of("dead_letters") + of("messages_dropped"), 0);
  const imbalance = refused === ended ? [] : [`${refused} were refused, and ${ended} buried or dropped`];
  return { tallies, mishaps: [...ranges.flatMap((range) => range.mishaps()), ...imbalance] };
}
