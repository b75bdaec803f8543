/** The short form of `npm run accept:contracts`, with a seed of its own each time. */
import { randomInt } from "node:crypto";
import { CATALOGUE } from "@ts-tars/contracts";
import { beforeAll, expect, test } from "vitest";
import { type Campaign, fuzzContracts } from "./fuzz-all.ts";

/** Enough to hit every member of the largest contract, and every key of an envelope, in the half that is mutated. */
const COUNT = 150;
const seed = randomInt(2 ** 31);

let campaign: Campaign;
beforeAll(async () => {
  process.stdout.write(`the same again: npm run accept:contracts -- --seed ${seed} --count ${COUNT}\n`);
  campaign = await fuzzContracts({ seed, count: COUNT });
}, 180_000);

test("no handler sees what its contract refuses, nothing that it accepts is refused, and no broken envelope runs", () => {
  const violations = campaign.tallies.flatMap((tally) => tally.violations.map((each) => `${tally.topic} ${each}`));

  expect({ seed, violations }).toEqual({ seed, violations: [] });
  expect(campaign.tallies.map(({ sent }) => sent)).toEqual(CATALOGUE.map(() => COUNT));
  expect(campaign.tallies.filter(({ accepted }) => accepted < COUNT / 10)).toEqual([]);
});

test("each payload becomes of exactly one thing: handled, refused and then buried or dropped, or counted", () => {
  expect({ seed, mishaps: campaign.mishaps }).toEqual({ seed, mishaps: [] });
});

test("each member of each contract and each key of the envelope is hit by a mutation", () => {
  const missed = campaign.tallies.flatMap(({ topic, missed: of }) => of.map((name) => `${topic} ${name}`));

  expect({ seed, missed }).toEqual({ seed, missed: [] });
});
