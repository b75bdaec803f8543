/** A range, and a new one when it was interrupted: what was on its way there is sent again. */
import type { Topic } from "@ts-tars/mqtt/contract";
import type { Outcome } from "./lanes.ts";
import type { Range } from "./range.ts";

export interface Stand extends AsyncDisposable {
  /** Undefined when the run is given up, and nothing is known of the payload. */
  shoot(topic: Topic, payload: Buffer): Promise<Outcome | undefined>;
  /** Of all ranges that there were. */
  mishaps(): readonly string[];
}

/** Why ranges were replaced, over all stands of a run. */
export interface Interruptions {
  readonly reasons: string[];
  readonly max: number;
}

export async function openStand(open: () => Promise<Range>, interruptions: Interruptions): Promise<Stand> {
  const { reasons, max } = interruptions;
  const isGivenUp = (): boolean => reasons.length > max;
  let current = await open();
  const ranges = [current];
  let replacing: Promise<void> | undefined;

  const replace = async (why: string): Promise<void> => {
    reasons.push(why);
    await current[Symbol.asyncDispose]();
    if (isGivenUp()) return;
    current = await open();
    ranges.push(current);
    replacing = undefined;
  };

  const shoot = async (topic: Topic, payload: Buffer): Promise<Outcome | undefined> => {
    let silenceCount = 0;
    while (!isGivenUp()) {
      const range = current;
      const outcome = await range.shoot(topic, payload);
      if (outcome.kind !== "interrupted") return outcome;
      if (outcome.isSilence === true) silenceCount += 1;
      if (silenceCount === 2) return { kind: "vanished" };
      // Whoever notices first replaces it, for all that were on their way there.
      if (range === current) replacing ??= replace(outcome.why);
      await replacing;
    }
    return undefined;
  };

  return {
    shoot,
    mishaps: () => ranges.flatMap((range) => range.mishaps()),
    [Symbol.asyncDispose]: async () => {
      await current[Symbol.asyncDispose]();
    },
  };
}
