import { type Sound, samplesOfMs } from "@ts-tars/audio";
import { until } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { collected } from "./speech-engine.conformance.ts";
import { Take } from "./take.ts";

const NOBODY = { completed: () => undefined, broke: () => undefined };

function sound(pieces: AsyncIterable<Int16Array>, expectedMs = 500): Sound {
  return { expectedMs, pcm: pieces };
}

async function* seconds(count: number): AsyncGenerator<Int16Array, void, undefined> {
  for (let index = 1; index <= count; index += 1) yield new Int16Array(samplesOfMs(1_000)).fill(index);
}

test("a sound is heard as it is made, and is kept whole for the next time", async () => {
  const kept = Promise.withResolvers<Int16Array | undefined>();
  const take = new Take(sound(seconds(3)), { ...NOBODY, completed: kept.resolve });

  const heard = await collected(take.pcm);

  expect(heard.length).toBe(samplesOfMs(3_000));
  expect(await kept.promise).toEqual(heard);
});

test("how long it will sound is an estimate that grows with what is there, and exact at the end", async () => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  async function* gated(): AsyncGenerator<Int16Array, void, undefined> {
    yield new Int16Array(samplesOfMs(200));
    await gates[0]?.promise;
    yield new Int16Array(samplesOfMs(1_000));
    await gates[1]?.promise;
  }
  const take = new Take(sound(gated(), 500), NOBODY);
  const lengths: number[] = [];
  take.whenRefined(() => lengths.push(take.expectedMs));
  expect(take.expectedMs).toBe(500);

  gates[0]?.resolve();
  await until(() => lengths.length === 1);
  gates[1]?.resolve();
  await until(() => lengths.length === 2);

  expect(lengths).toEqual([1_200, 1_200]);
});

test("a short sentence that was thought long is known to be short", async () => {
  const take = new Take(sound(seconds(1), 60_000), NOBODY);

  await collected(take.pcm);

  expect(take.expectedMs).toBe(1_000);
});

test("an engine is at most a minute ahead of its listener, and what was heard of a long text is forgotten", async () => {
  let madeSec = 0;
  async function* endless(): AsyncGenerator<Int16Array, void, undefined> {
    for (;;) {
      madeSec += 1;
      yield new Int16Array(samplesOfMs(1_000)).fill(madeSec);
    }
  }
  const take = new Take(sound(endless()), NOBODY);
  await until(() => madeSec === 60);
  const listener = take.pcm[Symbol.asyncIterator]();

  for (let second = 1; second <= 100; second += 1) {
    const { value } = await listener.next();
    expect(value?.[0]).toBe(second);
  }

  await until(() => madeSec >= 159);
  expect(madeSec).toBeLessThanOrEqual(161);
});

test("what is too long to be kept is said to be complete without its sound", async () => {
  const kept = Promise.withResolvers<Int16Array | undefined>();
  const take = new Take(sound(seconds(31)), { ...NOBODY, completed: kept.resolve });

  expect((await collected(take.pcm)).length).toBe(samplesOfMs(31_000));
  expect(await kept.promise).toBeUndefined();
});

test("an engine that breaks ends the sound behind what came of it, and is told of", async () => {
  const fault = new Error("broken");
  async function* breaking(): AsyncGenerator<Int16Array, void, undefined> {
    yield new Int16Array(100);
    throw fault;
  }
  const told = Promise.withResolvers<unknown>();
  const take = new Take(sound(breaking()), { ...NOBODY, broke: told.resolve });
  const listener = take.pcm[Symbol.asyncIterator]();

  expect((await listener.next()).value?.length).toBe(100);
  await expect(listener.next()).rejects.toBe(fault);
  expect(await told.promise).toBe(fault);
});
