import fc from "fast-check";
import { expect, test } from "vitest";
import { DuplicateFilter, hash32, type MessageKey, type Seen } from "./duplicates.ts";

const TTL_MS = 60_000;
const PER_SOURCE = 1_024;

/** A message of a source ("tts") as subscription 1 sees it, or another one ("2:tts"). */
const keyOf = (scope: string, id: string, hash = 0): MessageKey => {
  const [subscription = "1", source = ""] = scope.includes(":") ? scope.split(":") : ["1", scope];
  return { subscription: Number(subscription), source, id, hash };
};
const open = (options: Partial<ConstructorParameters<typeof DuplicateFilter>[0]> = {}) =>
  new DuplicateFilter({ ttlMs: TTL_MS, maxEntries: 65_536, ...options });
/** A message that came and was handled. */
const handle = (filter: DuplicateFilter, scope: string, key: string, nowMs = 0): void =>
  filter.end(filter.begin(keyOf(scope, key), nowMs), { outcome: "finished", nowMs });

test("the first message is no duplicate", () => {
  expect(open().find(keyOf("tts", "m1"), 0)).toBeUndefined();
});

test("the same message again is one, while it is handled and afterwards", () => {
  const filter = open();
  const seen = filter.begin(keyOf("tts", "m1"), 0);

  const whileRunning = filter.find(keyOf("tts", "m1"), 10)?.state;
  filter.end(seen, { outcome: "finished", nowMs: 20 });

  expect([whileRunning, filter.find(keyOf("tts", "m1"), 30)?.state]).toEqual(["running", "finished"]);
});

test("another message, another source and another subscription are none", () => {
  const filter = open();
  handle(filter, "1:tts", "m1");

  expect([
    filter.find(keyOf("1:tts", "m2"), 0),
    filter.find(keyOf("1:stt", "m1"), 0),
    filter.find(keyOf("2:tts", "m1"), 0),
  ]).toEqual([undefined, undefined, undefined]);
});

test("messages under one id are told apart by their bytes, and each is forgotten on its own", () => {
  const filter = open();
  const [first, second] = [keyOf("tts", "m1", 1), keyOf("tts", "m1", 2)];
  const running = filter.begin(first, 0);
  filter.end(filter.begin(second, 0), { outcome: "finished", nowMs: 0 });

  expect([filter.find(first, 0)?.state, filter.find(second, 0)?.state, filter.size]).toEqual([
    "running",
    "finished",
    2,
  ]);
  filter.end(running, { outcome: "given_up", nowMs: 0 });
  expect([filter.find(first, 0), filter.find(second, 0)?.state, filter.size]).toEqual([undefined, "finished", 1]);
});

test("a finished message is forgotten after its time to live, counted from its end", () => {
  const filter = open();
  filter.end(filter.begin(keyOf("tts", "m1"), 0), { outcome: "finished", nowMs: 1_000 });

  const atTheEnd = filter.find(keyOf("tts", "m1"), 1_000 + TTL_MS)?.state;
  const after = filter.find(keyOf("tts", "m1"), 1_001 + TTL_MS);

  expect([atTheEnd, after, filter.size]).toEqual(["finished", undefined, 0]);
});

test("a message that is still being handled is never forgotten, however long it takes", () => {
  const filter = open();
  filter.begin(keyOf("tts", "m1"), 0);

  expect(filter.find(keyOf("tts", "m1"), 1_000 * TTL_MS)?.state).toBe("running");
});

test("a message that was given up is forgotten at once, since it shall come again", () => {
  const filter = open();
  filter.end(filter.begin(keyOf("tts", "m1"), 0), { outcome: "given_up", nowMs: 10 });

  expect([filter.find(keyOf("tts", "m1"), 10), filter.size]).toEqual([undefined, 0]);
});

test.each(["finished", "given_up"] as const)("whoever joined a run is told once that it was %s", (outcome) => {
  const filter = open();
  const seen = filter.begin(keyOf("tts", "m1"), 0);
  const told: string[] = [];
  filter.join(seen, (how) => told.push(`first ${how}`));
  const found = filter.find(keyOf("tts", "m1"), 5);
  if (found !== undefined) filter.join(found, (how) => told.push(`second ${how}`));

  filter.end(seen, { outcome, nowMs: 10 });
  filter.end(seen, { outcome, nowMs: 20 });

  expect(told).toEqual([`first ${outcome}`, `second ${outcome}`]);
});

test("of each source the last 1 024 messages are remembered, and another source's number does not matter", () => {
  const filter = open();
  handle(filter, "stt", "kept");
  for (let n = 0; n <= PER_SOURCE; n += 1) handle(filter, "tts", `m${n}`);

  expect(filter.find(keyOf("tts", "m0"), 0)).toBeUndefined();
  expect([filter.find(keyOf("tts", "m1"), 0)?.state, filter.find(keyOf("stt", "kept"), 0)?.state]).toEqual([
    "finished",
    "finished",
  ]);
  expect(filter.size).toBe(PER_SOURCE + 1);
});

test("a source at its bound keeps what is still being handled and forgets what came after it", () => {
  const filter = open();
  filter.begin(keyOf("tts", "slow"), 0);
  for (let n = 0; n < PER_SOURCE + 10; n += 1) handle(filter, "tts", `m${n}`);

  expect([filter.find(keyOf("tts", "slow"), 0)?.state, filter.find(keyOf("tts", "m0"), 0)]).toEqual([
    "running",
    undefined,
  ]);
});

test("over the bound of all sources together the source that was not heard for longest gives one up", () => {
  const filter = open({ maxEntries: 3 });
  handle(filter, "tts", "a");
  handle(filter, "stt", "b");
  handle(filter, "tts", "c");

  handle(filter, "llm", "d");

  expect(filter.find(keyOf("stt", "b"), 0)).toBeUndefined();
  expect([filter.find(keyOf("tts", "a"), 0)?.state, filter.size]).toEqual(["finished", 3]);
});

test("equal bytes have equal hashes, and the known vectors of FNV-1a come out", () => {
  const vectors = ["", "a", "foobar"].map((text) => hash32(Buffer.from(text)).toString(16));

  expect(vectors).toEqual(["811c9dc5", "e40c292c", "bf9cf968"]);
});

const steps = fc.array(
  fc.record({
    scope: fc.constantFrom("a", "b", "c"),
    key: fc.nat(12).map(String),
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
      for (const { scope, key, ends, nth } of all) {
        if (filter.find(keyOf(scope, key), 0) === undefined) {
          const seen = filter.begin(keyOf(scope, key), 0);
          filter.join(seen, () => (told += 1));
          running.push(seen);
          begun += 1;
          expect(filter.find(keyOf(scope, key), 0)).toBe(seen);
        }
        const [ended] = ends === undefined ? [] : running.splice(nth % Math.max(1, running.length), 1);
        if (ended !== undefined && ends !== undefined) filter.end(ended, { outcome: ends, nowMs: 0 });
        expect(running.every((each) => filter.find(each.key, 0) === each)).toBe(true);
        expect(filter.size).toBeGreaterThanOrEqual(running.length);
        expect(told).toBe(begun - running.length);
      }
      for (const seen of running) filter.end(seen, { outcome: "finished", nowMs: 0 });
      handle(filter, "d", "last");

      expect(told).toBe(begun);
      expect(filter.find(keyOf("d", "last"), 0)?.state).toBe("finished");
    }),
  );
});
