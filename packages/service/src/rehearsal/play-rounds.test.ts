import { manualClock } from "@ts-tars/harness";
import { expect, test } from "vitest";
import type { Round } from "../service-definition.ts";
import { followActivity } from "./activity.ts";
import { playRounds, type RehearsalBudget } from "./play-rounds.ts";

const BUDGET: RehearsalBudget = {
  afterMs: 0,
  rounds: 5,
  computingMs: 1_000,
  wholeMs: 10_000,
  roundMs: 500,
  quietMs: 1_000,
};

/** Rounds of which each lasts and costs so much, on a clock of their own. */
function stage({ lastsMs = 10, costsMs = 10, budget = BUDGET }: Partial<Costs> = {}) {
  const clock = manualClock();
  const stop = new AbortController();
  const played: number[] = [];
  let computedMs = 77;
  const play: Round = async (number) => {
    played.push(number);
    computedMs += costsMs;
    await new Promise<void>((resolve) => clock.setTimer(lastsMs, resolve));
  };
  const activity = followActivity(clock);
  const { quietMs } = activity;
  const options = { clock, computedMs: () => computedMs, quietMs, budget, signal: stop.signal };
  const hear = () => activity.hooks.onCounter("messages_received", 1, {});
  return { clock, stop, played, hear, start: (round = play) => playRounds(round, options) };
}

interface Costs {
  readonly lastsMs: number;
  readonly costsMs: number;
  readonly budget: RehearsalBudget;
}

test("the rounds are played one after the other, with a pause of their own length behind each", async () => {
  const { clock, played, start } = stage();
  const ended = start();

  await clock.advance(30);
  expect(played).toEqual([0, 1]);
  await clock.advance(1_000);

  expect(await ended).toEqual({ outcome: "whole", rounds: 5, tookMs: 100, computedMs: 50 });
  expect(clock.pendingCount).toBe(0);
});

test("a pause lasts 20 ms at most", async () => {
  const { clock, start } = stage({ lastsMs: 400 });
  const ended = start();

  await clock.advance(10_000);

  expect(await ended).toMatchObject({ rounds: 5, tookMs: 5 * 420 });
});

test("no round begins once the process has computed enough", async () => {
  const { clock, start } = stage({ costsMs: 400 });
  const ended = start();

  await clock.advance(1_000);

  expect(await ended).toMatchObject({ outcome: "short", rounds: 3, computedMs: 1_200 });
});

test("no round begins once the time is over", async () => {
  const { clock, start } = stage({ lastsMs: 30, budget: { ...BUDGET, wholeMs: 100 } });
  const ended = start();

  await clock.advance(1_000);

  expect(await ended).toMatchObject({ outcome: "short", rounds: 2, tookMs: 100 });
});

test("a round that hangs ends it, and says so", async () => {
  const { clock, start } = stage();
  const ended = start(() => new Promise(() => undefined));
  const refused = expect(ended).rejects.toThrow("A round of the rehearsal took longer than 500 ms.");

  await clock.advance(500);

  await refused;
  expect(clock.pendingCount).toBe(0);
});

test("a round that fails ends it, with what it failed of", async () => {
  const { start } = stage();

  await expect(start(() => Promise.reject(new Error("no answer")))).rejects.toThrow("no answer");
});

test.each([
  ["in the middle of a round", 5],
  ["between two rounds", 15],
])("told to stop %s it ends at once, and leaves no timer", async (_when, afterMs) => {
  const { clock, stop, played, start } = stage();
  const ended = start(() => new Promise<void>((resolve) => void clock.setTimer(played.push(0) * 10, resolve)));
  await clock.advance(afterMs);
  const leftOf = clock.pendingCount;

  stop.abort(new Error("stopped"));

  await expect(ended).rejects.toThrow("stopped");
  expect(played).toHaveLength(1);
  // The round's own timer is its player's affair.
  expect(clock.pendingCount).toBe(leftOf - 1);
});

test("while messages come to the service itself no round begins, and none for a second behind the last", async () => {
  const { clock, played, hear, start } = stage();
  const ended = start();

  await clock.advance(10);
  hear();
  await clock.advance(900);
  hear();
  await clock.advance(990);
  expect(played).toEqual([0]);
  await clock.advance(5_000);

  expect(played).toEqual([0, 1, 2, 3, 4]);
  expect(await ended).toMatchObject({ outcome: "whole", rounds: 5 });
});

test("a service that is never left alone is not rehearsed beyond the time", async () => {
  const { clock, played, hear, start } = stage();
  hear();
  const ended = start();

  for (let passedMs = 0; passedMs < 12_000; passedMs += 500) {
    await clock.advance(500);
    hear();
  }

  expect(await ended).toMatchObject({ outcome: "short", rounds: 0 });
  expect(played).toEqual([]);
});
