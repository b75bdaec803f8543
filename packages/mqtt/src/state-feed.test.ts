import { expect, test } from "vitest";
import { StateFeed } from "./state-feed.ts";

/** What a reader sees until the feed ends. */
async function readAll<T>(values: AsyncIterable<T>): Promise<readonly T[]> {
  const seen: T[] = [];
  for await (const value of values) seen.push(value);
  return seen;
}

test("a reader sees the value there is and every later one, when it keeps up", async () => {
  const feed = new StateFeed("a");
  const reader = feed.watch()[Symbol.asyncIterator]();
  const seen = [(await reader.next()).value];

  for (const value of ["b", "c"]) {
    feed.set(value);
    seen.push((await reader.next()).value);
  }

  expect([seen, feed.value]).toEqual([["a", "b", "c"], "c"]);
});

test("a slow reader misses values in between, never the last", async () => {
  const feed = new StateFeed("a");
  const reading = readAll(feed.watch());

  for (const value of ["b", "c", "d"]) feed.set(value);
  feed.end();

  expect((await reading).at(-1)).toBe("d");
});

test("a reader that waits is woken by the next value", async () => {
  const feed = new StateFeed("a");
  const reader = feed.watch()[Symbol.asyncIterator]();
  await reader.next();
  const next = reader.next();

  feed.set("b");

  expect(await next).toEqual({ done: false, value: "b" });
});

test("the end comes after the last value was seen, also for readers that begin after it", async () => {
  const feed = new StateFeed("a");
  const before = readAll(feed.watch());
  feed.set("z");
  feed.end();

  expect([(await before).at(-1), await readAll(feed.watch())]).toEqual(["z", ["z"]]);
});

test("readers do not disturb each other, and one may leave early", async () => {
  const feed = new StateFeed("a");
  const [early, late] = [feed.watch()[Symbol.asyncIterator](), feed.watch()[Symbol.asyncIterator]()];
  await early.next();
  await early.return?.();
  await late.next();

  feed.set("b");

  expect([await late.next(), await early.next()]).toEqual([
    { done: false, value: "b" },
    { done: true, value: undefined },
  ]);
});
