/** Speaks what a seed draws to a running robot, and keeps what it understood. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeWav } from "@ts-tars/audio";
import type { Client } from "@ts-tars/mqtt";
import type { Utterance } from "../../tools/speech/draw-utterances.ts";
import { makeSound } from "../../tools/speech/make-sound.ts";
import { VOICES } from "../../tools/speech/manner.ts";
import type { Random } from "../../tools/speech/random.ts";
import type { Outcome } from "../../tools/speech/tally.ts";
import { openSite, type Site } from "./site.ts";

export interface TrialOptions {
  readonly client: Client;
  readonly utterances: readonly Utterance[];
  readonly random: Random;
  /** Where the sounds go, under names that tell nothing. */
  readonly directory: string;
  readonly onOutcome?: (outcome: Outcome) => void;
}

/** Three people, each in a room of their own, speak at the same time; the outcomes come in the order of the utterances. */
export async function hearAll({ utterances, ...options }: TrialOptions): Promise<readonly Outcome[]> {
  await using stack = new AsyncDisposableStack();
  const outcomes = new Map<Utterance, Outcome>();
  const rooms = VOICES.map(async (voice) => {
    const site = stack.use(await openSite(options.client, `room-of-${voice}`));
    for (const utterance of utterances.filter(({ manner }) => manner.voice === voice)) {
      const outcome = await hearOne(site, utterance, options);
      outcomes.set(utterance, outcome);
      options.onOutcome?.(outcome);
    }
  });
  await Promise.all(rooms);
  return utterances.flatMap((utterance) => outcomes.get(utterance) ?? []);
}

async function hearOne(
  site: Site,
  utterance: Utterance,
  { random, directory }: Pick<TrialOptions, "random" | "directory">,
): Promise<Outcome> {
  const scratch = join(directory, Math.floor(random.next() * 2 ** 52).toString(36));
  const pcm = await makeSound(utterance, { scratch, random: random.fork(scratch) });
  await writeFile(`${scratch}.wav`, encodeWav([pcm]));
  const { final, answer } = await site.hear({ pcm, speak: "no" });
  return { utterance, transcript: final?.text, intent: answer.intent, slots: answer.slots ?? {} };
}
