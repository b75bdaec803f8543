import fc from "fast-check";
import { expect, test } from "vitest";
import { DuplicateFilter, hash32 } from "./duplicates.ts";
import type { MessageKey, Seen } from "./seen.ts";
import { GENERATION } from "./source-history.ts";

const TTL_MS = 60_000;

/** A message of a source ("tts") as subscription 1 sees it, or another one ("2:tts"). */
const keyOf = (scope: string, id: string, hash = 0): MessageKey => {
  const [subscription = "1", source = ""] = scope.includes(":") ? scope.split(":") : ["1", scope];
  return { subscription: Number(subscription), source, id, hash };
};
const open = (options: Partial<ConstructorParameters<typeof DuplicateFilter>[0]> = {}) =>
  new DuplicateFilter({ ttlMs: TTL_MS, maxEntries: 65_536, ...options });

/** A message comes: how far the earlier one is, or that it is the first and is being handled now. */
function arrive(filter: DuplicateFilter, key: MessageKey, nowMs = 0): { readonly seen: Seen; readonly is: string } {
  const seen = filter.meet(key, nowMs);
  return { seen, is: seen.key === key ? "first" : seen.state };
}

/** A message that came and was handled. */
function handle(filter: DuplicateFilter, key: MessageKey, nowMs = 0): void {
  filter.end(arrive(filter, key, nowMs).seen, { outcome: "finished", nowMs });
}

test("the first message is no duplicate", () => {
  expect(arrive(open(), keyOf("tts", "m1")).is).toBe("first");
});

test("the same message again is one, while it is handled and afterwards", () => {
  const filter = open();
  const { seen } = arrive(filter, keyOf("tts", "m1"));

  const whileRunning = arrive(filter, keyOf("tts", "m1"), 10);
  filter.end(seen, { outcome: "finished", nowMs: 20 });
  const afterwards = arrive(filter, keyOf("tts", "m1"), 30);

  expect([whileRunning, afterwards].map(({ is }) => is)).toEqual(["running", "finished"]);
  expect([whileRunning.seen, afterwards.seen]).toEqual([seen, seen]);
});

test("another message, another source and another subscription are none", () => {
  const filter = open();
  handle(filter, keyOf("1:tts", "m1"));

  const others = [keyOf("1:tts", "m2"), keyOf("1:stt", "m1"), keyOf("2:tts", "m1")];

  expect(others.map((key) => arrive(filter, key).is)).toEqual(["first", "first", "first"]);
});

test("messages under one id are told apart by their bytes, and each is forgotten on its own", () => {
  const filter = open();
  const { seen: running } = arrive(filter, keyOf("tts", "m1", 1));
  handle(filter, keyOf("tts", "m1", 2));

  expect([1, 2].map((hash) => arrive(filter, keyOf("tts", "m1", hash)).is)).toEqual(["running", "finished"]);
  filter.end(running, { outcome: "given_up", nowMs: 0 });
  expect([filter.size, arrive(filter, keyOf("tts", "m1", 2)).is, arrive(filter, keyOf("tts", "m1", 1)).is]).toEqual([
    1,
    "finished",
    "first",
  ]);
});

test("an id that looks like another's id and hash is another message", () => {
  const filter = open();
  for (const hash of [1, 2]) handle(filter, keyOf("tts", "m", hash));

  const lookalike = arrive(filter, keyOf("tts", "m:2", 2)).is;

  expect(lookalike).toBe("first");
});

test("a finished message is forgotten after its time to live, counted from its end", () => {
  const filter = open();
  filter.end(arrive(filter, keyOf("tts", "m1")).seen, { outcome: "finished", nowMs: 1_000 });

  const atTheEnd = arrive(filter, keyOf("tts", "m1"), 1_000 + TTL_MS).is;
  const after = arrive(filter, keyOf("tts", "m1"), 1_001 + TTL_MS).is;

  expect([atTheEnd, after, filter.size]).toEqual(["finished", "first", 1]);
});

test("a message that is still being handled is never forgotten, however long it takes", () => {
  const filter = open();
  arrive(filter, keyOf("tts", "m1"));

  expect(arrive(filter, keyOf("tts", "m1"), 1_000 * TTL_MS).is).toBe("running");
});

test("a message that was given up is forgotten at once, since it shall come again", () => {
  const filter = open();
  filter.end(arrive(filter, keyOf("tts", "m1")).seen, { outcome: "given_up", nowMs: 10 });

  expect([filter.size, arrive(filter, keyOf("tts", "m1"), 10).is]).toEqual([0, "first"]);
});

test.each(["finished", "given_up"] as const)("whoever joined a run is told once that it was %s", (outcome) => {
  const filter = open();
  const { seen } = arrive(filter, keyOf("tts", "m1"));
  const told: string[] = [];
  filter.join(seen, (how) => told.push(`first ${how}`));
  filter.join(arrive(filter, keyOf("tts", "m1"), 5).seen, (how) => told.push(`second ${how}`));

  filter.end(seen, { outcome, nowMs: 10 });
  filter.end(seen, { outcome, nowMs: 20 });

  expect(told).toEqual([`first ${outcome}`, `second ${outcome}`]);
});

test("of each source at least the last 1 024 messages are remembered, at most twice as many, and no other source's", () => {
  const filter = open();
  handle(filter, keyOf("stt", "kept"));
  const sizes: number[] = [];
  for (let n = 0; n < 10 * GENERATION; n += 1) {
    handle(filter, keyOf("tts", `m${n}`));
    sizes.push(filter.size - 1);
  }

  const last = Array.from({ length: GENERATION }, (_, n) => keyOf("tts", `m${10 * GENERATION - 1 - n}`));
  expect(last.filter((key) => arrive(filter, key).is !== "finished")).toEqual([]);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(2 * GENERATION);
  expect(arrive(filter, keyOf("stt", "kept")).is).toBe("finished");
  expect(arrive(filter, keyOf("tts", "m0")).is).toBe("first");
});

test("what is still being handled is remembered however much comes after it", () => {
  const filter = open();
  arrive(filter, keyOf("tts", "slow"));
  for (let n = 0; n < 5 * GENERATION; n += 1) handle(filter, keyOf("tts", `m${n}`));

  expect([arrive(filter, keyOf("tts", "slow")).is, arrive(filter, keyOf("tts", "m0")).is]).toEqual([
    "running",
    "first",
  ]);
});

test("over the bound of all sources together the source that was not heard for longest gives up what has ended", () => {
  const filter = open({ maxEntries: 3 });
  handle(filter, keyOf("tts", "a"));
  handle(filter, keyOf("stt", "b"));
  arrive(filter, keyOf("stt", "still running"));
  handle(filter, keyOf("tts", "c"));

  const size = filter.size;

  expect(size).toBe(3);
  expect(["a", "c"].map((id) => arrive(filter, keyOf("tts", id)).is)).toEqual(["finished", "finished"]);
  expect(arrive(filter, keyOf("stt", "still running")).is).toBe("running");
});

test("equal bytes have equal hashes, and the known vectors of FNV-1a come out", () => {
  const vectors = ["", "a", "foobar"].map((text) => hash32(Buffer.from(text)).toString(16));

  expect(vectors).toEqual(["811c9dc5", "e40c292c", "bf9cf968"]);
});

const steps = fc.array(
  fc.record({
    scope: fc.constantFrom("a", "b", "c"),
    id: fc.nat(6).map(String),
    hash: fc.nat(1),
    ends: fc.option(fc.constantFrom("finished" as const, "given_up" as const), { nil: undefined }),
    nth: fc.nat(20),
  }),
  { maxLength: 150 },
);

test("whatever comes, what runs is found, the bound holds for what has ended, and every run is told of its end once", () => {
  const maxEntries = 6;
  fc.assert(
    fc.property(steps, (all) => {
      const filter = open({ maxEntries });
      const running: Seen[] = [];
      let begun = 0;
      let told = 0;
      for (const { scope, id, hash, ends, nth } of all) {
        const { seen, is } = arrive(filter, keyOf(scope, id, hash));
        if (is === "first") {
          filter.join(seen, () => (told += 1));
          running.push(seen);
          begun += 1;
        }
        const [ended] = ends === undefined ? [] : running.splice(nth % Math.max(1, running.length), 1);
        if (ended !== undefined && ends !== undefined) filter.end(ended, { outcome: ends, nowMs: 0 });
        expect(running.every((each) => filter.meet({ ...each.key }, 0) === each)).toBe(true);
        expect(filter.size).toBeGreaterThanOrEqual(running.length);
        expect(filter.size).toBeLessThanOrEqual(Math.max(maxEntries, running.length + 1));
        expect(told).toBe(begun - running.length);
      }
      for (const seen of running) filter.end(seen, { outcome: "finished", nowMs: 0 });
      handle(filter, keyOf("d", "last"));

      expect(told).toBe(begun);
      expect(arrive(filter, keyOf("d", "last")).is).toBe("finished");
    }),
  );
});
