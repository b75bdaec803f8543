import fc from "fast-check";
import { expect, test } from "vitest";
import { Gate } from "./gate.ts";
import { type LaneOptions, Lanes } from "./lanes.ts";

/** Lanes whose jobs end when they are told to, and what they did. */
function openLanes(options: Partial<LaneOptions> = {}) {
  const lanes = new Lanes({ concurrency: 16, gate: undefined, maxWaiting: Number.POSITIVE_INFINITY, ...options });
  const running = new Map<string, () => void>();
  const started: string[] = [];
  const dropped: string[] = [];
  const enqueue = (key: string, name = key): void =>
    lanes.enqueue(key, {
      run: () => {
        started.push(name);
        return new Promise<void>((resolve) => running.set(name, resolve));
      },
      dropped: () => dropped.push(name),
    });
  const finish = async (name: string): Promise<void> => {
    running.get(name)?.();
    running.delete(name);
    await settled();
  };
  return { lanes, enqueue, finish, started, dropped, running };
}

/** Every promise that can go on has gone on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("jobs of one key run one after the other, in the order they were enqueued", async () => {
  const { enqueue, finish, started } = openLanes();
  for (const name of ["1", "2", "3"]) enqueue("key", name);

  const before = [...started];
  await finish("1");
  await finish("2");

  expect(before).toEqual(["1"]);
  expect(started).toEqual(["1", "2", "3"]);
});

test("jobs of different keys run side by side", () => {
  const { enqueue, started } = openLanes();

  for (const key of ["a", "b", "c"]) enqueue(key);

  expect(started).toEqual(["a", "b", "c"]);
});

test("at most as many keys run as the concurrency allows", async () => {
  const { enqueue, finish, started } = openLanes({ concurrency: 2 });
  for (const key of ["a", "b", "c"]) enqueue(key);

  const before = [...started];
  await finish("b");

  expect(before).toEqual(["a", "b"]);
  expect(started).toEqual(["a", "b", "c"]);
});

test("a busy key does not starve the others", async () => {
  const { enqueue, finish, started } = openLanes({ concurrency: 1 });
  enqueue("a", "a1");
  enqueue("a", "a2");
  enqueue("b", "b1");

  await finish("a1");

  expect(started).toEqual(["a1", "b1"]);
});

test("over the bound of waiting jobs the oldest waiting one of the key is dropped, not the running one", () => {
  const { enqueue, started, dropped } = openLanes({ maxWaiting: 2 });
  for (const name of ["1", "2", "3", "4", "5"]) enqueue("key", name);
  enqueue("other");

  expect(started).toEqual(["1", "other"]);
  expect(dropped).toEqual(["2", "3"]);
});

test("a job that rejects against its promise frees its key all the same", async () => {
  const { lanes, enqueue, started } = openLanes();
  lanes.enqueue("key", { run: () => Promise.reject(new Error("against its promise")), dropped: () => undefined });
  enqueue("key", "next");

  await settled();

  expect(started).toEqual(["next"]);
});

test("a job that ends at once lets the next one run at once", () => {
  const { lanes } = openLanes();
  const ran: number[] = [];

  for (const n of [1, 2, 3]) lanes.enqueue("key", { run: () => void ran.push(n), dropped: () => undefined });

  expect(ran).toEqual([1, 2, 3]);
});

test("stopping drops what waits when told to, and whatever comes later", async () => {
  const { lanes, enqueue, finish, started, dropped } = openLanes();
  enqueue("key", "1");
  enqueue("key", "2");

  lanes.stop({ dropWaiting: true });
  enqueue("key", "3");
  await finish("1");

  expect(started).toEqual(["1"]);
  expect(dropped).toEqual(["2", "3"]);
});

test("stopping without dropping leaves what waits where it is", async () => {
  const { lanes, enqueue, finish, started, dropped } = openLanes();
  enqueue("key", "1");
  enqueue("key", "2");

  lanes.stop({ dropWaiting: false });
  await finish("1");

  expect([started, dropped]).toEqual([["1"], []]);
});

test("idle resolves when the last running job has ended", async () => {
  const { lanes, enqueue, finish } = openLanes();
  enqueue("a");
  enqueue("b");
  let isIdle = false;
  const idle = lanes.idle().then(() => {
    isIdle = true;
  });

  await finish("a");
  const afterOne = isIdle;
  await finish("b");
  await idle;

  expect([afterOne, isIdle]).toEqual([false, true]);
});

test("a gate shared by two subscriptions bounds both together and lets both go on", async () => {
  const gate = new Gate(2);
  const [first, second] = [openLanes({ gate }), openLanes({ gate })];
  for (const key of ["a", "b"]) first.enqueue(key);
  for (const key of ["c", "d"]) second.enqueue(key);

  const before = [...first.started, ...second.started];
  await first.finish("a");
  await first.finish("b");

  expect(before).toEqual(["a", "b"]);
  expect(second.started).toEqual(["c", "d"]);
});

test("a subscription that stops while it waits at the gate leaves the place to others", async () => {
  const gate = new Gate(1);
  const [busy, stopped, waiting] = [openLanes({ gate }), openLanes({ gate }), openLanes({ gate })];
  busy.enqueue("a");
  stopped.enqueue("b");
  waiting.enqueue("c");

  stopped.lanes.stop({ dropWaiting: true });
  await busy.finish("a");

  expect(waiting.started).toEqual(["c"]);
});

/** One thing that happens to two subscriptions behind one gate. */
const events = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("enqueue" as const), of: fc.nat(1), key: fc.constantFrom("a", "b", "c", "d") }),
    fc.record({ do: fc.constant("finish" as const), nth: fc.nat(9) }),
  ),
  { maxLength: 80 },
);

test("whatever is enqueued and whenever it ends, every job runs once, in order and alone per key, within the bounds", async () => {
  await fc.assert(
    fc.asyncProperty(events, async (steps) => {
      const gate = new Gate(3);
      const sides = [openLanes({ gate, concurrency: 2 }), openLanes({ gate, concurrency: 2 })];
      const enqueued: string[][] = [[], []];
      const finishSome = async (nth: number): Promise<boolean> => {
        const all = sides.flatMap((side) => [...side.running.keys()].map((name) => ({ side, name })));
        const chosen = all[nth % Math.max(1, all.length)];
        await chosen?.side.finish(chosen.name);
        return chosen !== undefined;
      };
      for (const [index, step] of steps.entries()) {
        if (step.do === "enqueue") {
          enqueued[step.of]?.push(`${step.key}${index}`);
          sides[step.of]?.enqueue(step.key, `${step.key}${index}`);
        } else await finishSome(step.nth);
        const running = sides.map((side) => [...side.running.keys()].map((name) => name[0]));
        expect(Math.max(...running.map(({ length }) => length))).toBeLessThanOrEqual(2);
        expect(running.flat().length).toBeLessThanOrEqual(3);
        expect(running.every((keys) => new Set(keys).size === keys.length)).toBe(true);
      }
      while (await finishSome(0));

      for (const [of, { started }] of sides.entries()) {
        expect([...started].sort()).toEqual([...(enqueued[of] ?? [])].sort());
        for (const key of ["a", "b", "c", "d"]) {
          const ofKey = (names: readonly string[]) => names.filter((name) => name.startsWith(key));
          expect(ofKey(started)).toEqual(ofKey(enqueued[of] ?? []));
        }
      }
    }),
    { numRuns: 100 },
  );
});

test("jobs that wait for nothing run one after the other, however many wait, and not on top of each other", () => {
  const gate = new Gate(1);
  const lanes = new Lanes({ concurrency: 1, gate, maxWaiting: Number.POSITIVE_INFINITY });
  let inside = 0;
  let deepest = 0;
  let ran = 0;
  gate.enter(() => undefined);
  for (let n = 0; n < 50_000; n += 1) {
    lanes.enqueue(`key ${n % 3}`, {
      run: () => {
        inside += 1;
        deepest = Math.max(deepest, inside);
        ran += 1;
        inside -= 1;
      },
      dropped: () => undefined,
    });
  }

  const before = ran;
  gate.leave();

  expect([before, ran, deepest]).toEqual([0, 50_000, 1]);
});

test("what a job that waits for nothing enqueues for its own key runs after it", () => {
  const { lanes } = openLanes();
  const order: string[] = [];
  const job = (name: string, then?: () => void) => ({
    run: () => {
      order.push(`${name} begins`);
      then?.();
      order.push(`${name} ends`);
    },
    dropped: () => undefined,
  });

  lanes.enqueue(
    "key",
    job("first", () => lanes.enqueue("key", job("second"))),
  );

  expect(order).toEqual(["first begins", "first ends", "second begins", "second ends"]);
});

test("a job that throws, which none should, does not block its key", () => {
  const { lanes } = openLanes();
  const ran: string[] = [];
  const broken = (): never => {
    ran.push("broken");
    throw new Error("broken");
  };

  lanes.enqueue("key", { run: broken, dropped: () => undefined });
  lanes.enqueue("key", { run: () => void ran.push("next"), dropped: () => undefined });

  expect(ran).toEqual(["broken", "next"]);
});
