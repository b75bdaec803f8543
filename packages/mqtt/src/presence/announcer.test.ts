import { manualClock, recorder } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { z } from "zod";
import { type LogLine, recordingLog } from "../client.fixture.ts";
import { SYSTEM_CLOCK } from "../clock.ts";
import { type ConcreteTopic, defineTopic } from "../contract/index.ts";
import { Announcer } from "./announcer.ts";

const topic = defineTopic({
  name: "test/health",
  type: "test.health",
  delivery: "state",
  payload: z.object({ ok: z.boolean(), session: z.string() }),
});

/** Announcers on one topic, which all of them hear. */
function openStage(instances: number, sees: "session" | "id" = "session") {
  const clock = { ...manualClock(), epochMs: SYSTEM_CLOCK.epochMs };
  const said: { readonly by: number; readonly data: unknown }[] = [];
  const heard: Announcer[] = [];
  const log = recorder<LogLine>();
  const outbox = { isFull: false };
  let ids = 0;
  const open = (by: number): Announcer =>
    new Announcer({
      options: {
        topic,
        birth: (session) => ({ ok: true, session }),
        will: (session) => ({ ok: false, session }),
        refreshMs: 15_000,
      },
      clock,
      log: recordingLog(log),
      source: "test",
      compat: undefined,
      nextId: () => {
        ids += 1;
        return `id-${ids}`;
      },
      publish: (_topic: ConcreteTopic, data: unknown) => {
        if (outbox.isFull) throw new Error("the outbox is full");
        said.push({ by, data });
        const id = `id-of-${by}`;
        say(JSON.stringify({ id, data: sees === "session" ? data : { ok: true } }));
        return { id };
      },
      onBirthSeen: () => undefined,
    });
  const say = (text: string): void => {
    for (const each of heard) each.seen(Buffer.from(text));
  };
  for (let by = 0; by < instances; by += 1) heard.push(open(by));
  for (const each of heard) each.nextWill();
  return { clock, said, say, heard, log, outbox };
}

test("a birth is said at the connection, refreshed, and silent while disconnected", async () => {
  const { clock, said, heard } = openStage(1);

  heard[0]?.connected();
  await clock.advance(45_000);
  heard[0]?.disconnected();
  await clock.advance(60_000);

  expect(said).toHaveLength(4);
  expect(clock.pendingCount).toBe(0);
});

test("what overwrites a birth is repaired within a second, each time while it is rare", async () => {
  const { clock, said, say, heard } = openStage(1);
  heard[0]?.connected();

  for (let time = 1; time <= 3; time += 1) {
    await clock.advance(31_000);
    const before = said.length;
    say("a late will");
    await clock.advance(1_000);
    expect(said.length - before).toBe(1);
  }
});

test("two instances that overwrite each other come to rest near their refreshes", async () => {
  const { clock, said, heard } = openStage(2);
  for (const each of heard) each.connected();

  await clock.advance(60_000);
  const early = said.length;
  await clock.advance(600_000);

  // 40 refreshes of each in ten minutes, and as many repairs at most.
  expect(early).toBeLessThan(40);
  expect(said.length - early).toBeLessThanOrEqual(160);
});

test("nothing is announced after the farewell, whatever is heard and however often the connection comes back", async () => {
  const { clock, said, say, heard } = openStage(1);
  heard[0]?.connected();
  const before = said.length;

  heard[0]?.farewell();
  say("a late will");
  heard[0]?.disconnected();
  heard[0]?.connected();
  await clock.advance(60_000);

  expect([said.length - before, clock.pendingCount]).toEqual([0, 0]);
});

test("a birth that goes without its session, as strict peers need it, is not taken for a foreign one", async () => {
  const { clock, said, heard } = openStage(1, "id");
  heard[0]?.connected();

  await clock.advance(45_000);

  expect(said).toHaveLength(4);
});

test("a birth that cannot be published is told of, and said at the next refresh", async () => {
  const { clock, said, heard, log, outbox } = openStage(1);
  outbox.isFull = true;
  heard[0]?.connected();
  const before = said.length;

  outbox.isFull = false;
  await clock.advance(15_000);

  expect([before, said.length]).toEqual([0, 1]);
  expect(log.seen).toMatchObject([{ level: "error", fields: { topic: topic.filter } }]);
});
