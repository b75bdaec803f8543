import { expect, test } from "vitest";
import type { AudioFrame } from "./frame.ts";
import { FrameQueue } from "./frame-queue.ts";

const frame = (sample: number): AudioFrame => ({ captureId: "a", sample, pcm: new Int16Array(320) });

async function samplesOf(queue: FrameQueue): Promise<readonly number[]> {
  const samples: number[] = [];
  for await (const { sample } of queue.read()) samples.push(sample);
  return samples;
}

test("frames are read in order, those that wait at the end too", async () => {
  const queue = new FrameQueue();
  queue.push(frame(0));
  queue.push(frame(320));
  queue.end();
  queue.push(frame(640));

  expect(await samplesOf(queue)).toEqual([0, 320]);
});

test("a reader that waits is woken by a frame and by the end", async () => {
  const queue = new FrameQueue();
  const reading = samplesOf(queue);

  queue.push(frame(0));
  await new Promise(setImmediate);
  queue.end();

  expect(await reading).toEqual([0]);
});

test("of more than 256 frames the oldest are dropped", async () => {
  const queue = new FrameQueue();
  for (let n = 0; n < 1_000; n += 1) queue.push(frame(n));
  queue.end();

  const samples = await samplesOf(queue);

  expect([samples.length, samples[0], samples.at(-1)]).toEqual([256, 744, 999]);
});

test("a failure is thrown once what came before it was read", async () => {
  const queue = new FrameQueue();
  const seen: number[] = [];
  queue.push(frame(0));
  queue.end(new Error("unplugged"));
  queue.end();

  const reading = (async () => {
    for await (const { sample } of queue.read()) seen.push(sample);
  })();

  await expect(reading).rejects.toThrow("unplugged");
  expect(seen).toEqual([0]);
});
