import fc from "fast-check";
import { expect, test } from "vitest";
import { type StreamMessage, StreamQueue } from "./stream-queue.ts";

const message = (key: string, n: number, bytes = 10): StreamMessage => ({
  topic: `${key}/${n}`,
  label: key,
  payload: new Uint8Array(bytes),
  key,
  expiresAtMs: Number.POSITIVE_INFINITY,
});
const topicsOf = (messages: readonly StreamMessage[]): readonly string[] => messages.map(({ topic }) => topic);

test("messages leave in the order in which they came", () => {
  const queue = new StreamQueue({ maxMessages: 4, maxBytes: 100 });
  for (const n of [1, 2, 3]) queue.push(message("a", n));

  const left = [queue.shift(), queue.shift(), queue.shift(), queue.shift()];

  expect(left.map((each) => each?.topic)).toEqual(["a/1", "a/2", "a/3", undefined]);
  expect(queue.isEmpty).toBe(true);
});

test("over the bound the oldest message of the same key goes, not that of another key", () => {
  const queue = new StreamQueue({ maxMessages: 3, maxBytes: 100 });
  queue.push(message("a", 1));
  queue.push(message("b", 1));
  queue.push(message("b", 2));

  const dropped = queue.push(message("b", 3));

  expect(topicsOf(dropped)).toEqual(["b/1"]);
  expect(topicsOf(queue.drain())).toEqual(["a/1", "b/2", "b/3"]);
});

test("over the bound the oldest of all goes when the key has no other message", () => {
  const queue = new StreamQueue({ maxMessages: 2, maxBytes: 100 });
  queue.push(message("a", 1));
  queue.push(message("b", 1));

  const dropped = queue.push(message("c", 1));

  expect(topicsOf(dropped)).toEqual(["a/1"]);
});

test("over the bound of bytes as many go as the new message needs", () => {
  const queue = new StreamQueue({ maxMessages: 10, maxBytes: 35 });
  for (const n of [1, 2, 3]) queue.push(message("a", n));

  const dropped = queue.push(message("a", 4, 20));

  expect(topicsOf(dropped)).toEqual(["a/1", "a/2"]);
  expect(topicsOf(queue.drain())).toEqual(["a/3", "a/4"]);
});

test("a message larger than the whole bound is dropped itself, and leaves an empty queue", () => {
  const queue = new StreamQueue({ maxMessages: 10, maxBytes: 35 });

  const dropped = queue.push(message("a", 1, 36));

  expect(topicsOf(dropped)).toEqual(["a/1"]);
  expect(queue.isEmpty).toBe(true);
});

test("draining empties the queue and makes room for as much as before", () => {
  const queue = new StreamQueue({ maxMessages: 2, maxBytes: 20 });
  queue.push(message("a", 1));
  queue.push(message("a", 2));

  const drained = queue.drain();

  expect(topicsOf(drained)).toEqual(["a/1", "a/2"]);
  expect([...queue.push(message("a", 3)), ...queue.push(message("a", 4))]).toEqual([]);
});

test("whatever is pushed, the bounds hold, order is kept per key, and every message leaves exactly once", () => {
  const bounds = { maxMessages: 5, maxBytes: 60 };
  const pushes = fc.array(fc.record({ key: fc.constantFrom("a", "b", "c"), bytes: fc.integer({ min: 0, max: 70 }) }));
  fc.assert(
    fc.property(pushes, (sizes) => {
      const queue = new StreamQueue(bounds);
      const dropped = sizes.flatMap(({ key, bytes }, n) => queue.push(message(key, n, bytes)));
      const kept = queue.drain();

      expect(kept.length).toBeLessThanOrEqual(bounds.maxMessages);
      expect(kept.reduce((sum, { payload }) => sum + payload.byteLength, 0)).toBeLessThanOrEqual(bounds.maxBytes);
      expect(dropped.length + kept.length).toBe(sizes.length);
      expect(new Set([...dropped, ...kept]).size).toBe(sizes.length);
      const numbers = kept.map(({ topic }) => Number(topic.split("/")[1]));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    }),
  );
});
