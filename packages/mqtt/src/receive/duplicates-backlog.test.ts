/** A backlog that comes faster than it is handled: everything in it is being handled at the same time. */
import { expect, test } from "vitest";
import { DuplicateFilter } from "./duplicates.ts";
import type { Seen } from "./seen.ts";
import { GENERATION } from "./source-history.ts";

const meet = (filter: DuplicateFilter, n: number): Seen =>
  filter.meet({ subscription: 1, source: "tts", id: `m${n}`, hash: n }, 0);

function begin(filter: DuplicateFilter, count: number): readonly Seen[] {
  return Array.from({ length: count }, (_, index) => meet(filter, index));
}

test("all of a backlog of one source is known while it is handled, and of what has ended no more than ever is kept", () => {
  const filter = new DuplicateFilter({ ttlMs: 60_000, maxEntries: 65_536 });
  const running = begin(filter, 5_000);

  const again = begin(filter, 5_000);
  const whileRunning = filter.size;
  for (const seen of running) filter.end(seen, { outcome: "finished", nowMs: 0 });
  for (let n = 5_000; n < 5_000 + 2 * GENERATION + 1; n += 1)
    filter.end(meet(filter, n), { outcome: "finished", nowMs: 0 });

  expect([whileRunning, again.every((seen, index) => seen === running[index])]).toEqual([5_000, true]);
  expect(filter.size).toBeLessThanOrEqual(2 * GENERATION);
});

test("a backlog costs what remembering costs, and is not looked through for each of its messages", () => {
  const COUNT = 60_000;
  const timeOf = (remember: (n: number) => unknown): number => {
    const startedAtMs = performance.now();
    for (let n = 0; n < COUNT; n += 1) remember(n);
    return performance.now() - startedAtMs;
  };
  const fastest = (open: () => (n: number) => unknown): number =>
    Math.min(...Array.from({ length: 5 }, () => timeOf(open())));

  const ours = fastest(() => {
    const filter = new DuplicateFilter({ ttlMs: 60_000, maxEntries: 65_536 });
    return (n) => meet(filter, n);
  });
  const plain = fastest(() => {
    const map = new Map<string, unknown>();
    return (n) => map.set(`m${n}`, { key: { subscription: 1, source: "tts", id: `m${n}`, hash: n }, atMs: 0 });
  });

  // It is 1 to 5 times as much; when each message looked through all that were being handled it took a hundred times as long.
  expect(ours / plain).toBeLessThan(40);
});
