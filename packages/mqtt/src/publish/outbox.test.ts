import fc from "fast-check";
import { expect, test } from "vitest";
import { word } from "../client.fixture.ts";
import { connectWith } from "../connect.ts";
import { OutboxFullError } from "../errors.ts";
import { Outbox, type OutboxBounds, type OutboxEntry, type Outcome, type Outgoing } from "./outbox.ts";

const BOUNDS: OutboxBounds = { maxMessages: 8, maxBytes: 80, maxPacketId: 60_000 };
const CONFIRMED: Outcome = { kind: "confirmed", matched: undefined };

interface Ending {
  readonly id: string;
  readonly outcome: Outcome;
  readonly sent: "no" | "maybe";
}

/** An outbox, and the endings of its messages in the order they were told. */
function openOutbox(bounds: OutboxBounds = BOUNDS) {
  const outbox = new Outbox(bounds);
  const endings: Ending[] = [];
  let count = 0;
  const outgoing = ({ topic = "a", bytes = 10, replaces = false } = {}): Outgoing => {
    count += 1;
    const id = `m${count}`;
    return {
      id,
      topic,
      label: topic,
      payload: new Uint8Array(bytes),
      retain: replaces,
      replaces,
      giveUpAtMs: Number.POSITIVE_INFINITY,
      expiresAtMs: Number.POSITIVE_INFINITY,
      acceptedAtMs: 0,
      settled: (outcome, sent) => endings.push({ id, outcome, sent }),
    };
  };
  const send = (nowMs = 0): OutboxEntry => {
    const entry = outbox.peek();
    if (entry === undefined) throw new Error("nothing waits");
    outbox.take(entry, nowMs);
    return entry;
  };
  return { outbox, endings, accept: (of?: Parameters<typeof outgoing>[0]) => outbox.accept(outgoing(of)), send };
}

const idsOf = (entries: readonly OutboxEntry[]): readonly string[] => entries.map(({ id }) => id);

test("messages are taken in the order in which they were accepted", () => {
  const { accept, send } = openOutbox();
  for (let count = 0; count < 4; count += 1) accept();

  const taken = [send(), send(), send(), send()];

  expect(idsOf(taken)).toEqual(["m1", "m2", "m3", "m4"]);
});

test("what was in flight when the connection broke is taken again first, in order, under its old packet id", () => {
  const { outbox, accept, send } = openOutbox();
  for (let count = 0; count < 4; count += 1) accept();
  const before = [send(), send()].map(({ id, packetId }) => ({ id, packetId }));

  outbox.connectionLost();
  const after = [send(), send()].map(({ id, packetId }) => ({ id, packetId }));

  expect(after).toEqual(before);
  expect(idsOf([send(), send()])).toEqual(["m3", "m4"]);
});

test("a lost session gives what was in flight a new packet id and keeps its place", () => {
  const { outbox, accept, send } = openOutbox();
  accept();
  accept();
  const [first, second] = [send(), send()];
  const before = [first.packetId, second.packetId];

  outbox.connectionLost();
  outbox.sessionLost();

  expect([first.packetId, second.packetId]).toEqual([0, 0]);
  expect(idsOf([send(), send()])).toEqual(["m1", "m2"]);
  expect(before).not.toContain(first.packetId);
});

test("a waiting value of a state is superseded by the next one of its topic, which takes its own place at the end", () => {
  const { outbox, endings, accept } = openOutbox();
  accept({ topic: "state", replaces: true });
  accept({ topic: "other" });

  accept({ topic: "state", replaces: true });

  expect(endings).toEqual([{ id: "m1", outcome: { kind: "undelivered", reason: "superseded" }, sent: "no" }]);
  expect(idsOf(outbox.unsettled())).toEqual(["m2", "m3"]);
});

test("a state's value in flight is not superseded by the next one while the connection stands", () => {
  const { endings, accept, send } = openOutbox();
  accept({ topic: "state", replaces: true });
  send();

  accept({ topic: "state", replaces: true });

  expect(endings).toEqual([]);
  expect(send().id).toBe("m2");
});

test("a state's value in flight is superseded at the break of the connection when a newer one waits", () => {
  const { outbox, endings, accept, send } = openOutbox();
  accept({ topic: "state", replaces: true });
  send();
  accept({ topic: "state", replaces: true });

  outbox.connectionLost();

  expect(endings).toEqual([{ id: "m1", outcome: { kind: "undelivered", reason: "superseded" }, sent: "maybe" }]);
  expect(send().id).toBe("m2");
});

test("a state's value that waits again after a break is superseded by a newer one", () => {
  const { outbox, endings, accept, send } = openOutbox();
  accept({ topic: "state", replaces: true });
  send();
  outbox.connectionLost();

  accept({ topic: "state", replaces: true });

  expect(endings).toEqual([{ id: "m1", outcome: { kind: "undelivered", reason: "superseded" }, sent: "maybe" }]);
  expect(idsOf(outbox.unsettled())).toEqual(["m2"]);
});

test("of two values of one state in flight only the newer is sent again", () => {
  const { outbox, endings, accept, send } = openOutbox();
  accept({ topic: "state", replaces: true });
  send();
  accept({ topic: "state", replaces: true });
  send();

  outbox.connectionLost();

  expect(idsOf(outbox.unsettled())).toEqual(["m2"]);
  expect(endings).toEqual([{ id: "m1", outcome: { kind: "undelivered", reason: "superseded" }, sent: "maybe" }]);
});

test.each([
  { bound: "messages", bounds: { ...BOUNDS, maxMessages: 2 } },
  { bound: "bytes", bounds: { ...BOUNDS, maxBytes: 20 } },
])("a full outbox has no room for a message, by its bound of $bound", ({ bounds }) => {
  const { outbox, accept } = openOutbox(bounds);
  accept();
  const roomBefore = outbox.hasRoom(10, undefined);
  accept();

  expect([roomBefore, outbox.hasRoom(10, undefined)]).toEqual([true, false]);
});

test("a full outbox refuses the next message with OutboxFullError", async () => {
  const unreachable = (): never => {
    throw new Error("nothing is dialled in the turn of the event loop in which a client is made");
  };
  const options = { url: "mqtt://localhost", outbox: { maxMessages: 2 } };
  const client = connectWith(options, { open: unreachable });
  const publish = (): string => client.publish(word, { text: "" });

  publish();
  publish();

  expect(publish).toThrow(OutboxFullError);
  await client.close();
});

test("a full outbox has room for the next value of a state that waits in it", () => {
  const { outbox, accept } = openOutbox({ ...BOUNDS, maxMessages: 2, maxBytes: 20 });
  accept();
  accept({ topic: "state", replaces: true });

  expect(outbox.hasRoom(10, "state")).toBe(true);
  expect(outbox.hasRoom(11, "state")).toBe(false);
  expect(outbox.hasRoom(10, "another")).toBe(false);
});

test("the outbox is half empty only under half of both bounds", () => {
  const { outbox, accept } = openOutbox({ ...BOUNDS, maxMessages: 4, maxBytes: 100 });
  accept();
  const withOne = outbox.isHalfEmpty;
  accept({ bytes: 60 });
  const byBytes = outbox.isHalfEmpty;

  expect([withOne, byBytes]).toEqual([true, false]);
});

test("packet ids wrap around and pass over those in use", () => {
  const { outbox, accept, send } = openOutbox({ ...BOUNDS, maxPacketId: 3 });
  for (let count = 0; count < 4; count += 1) accept();
  const [first, second, third] = [send(), send(), send()];
  outbox.settle(second, CONFIRMED);

  const fourth = send();

  expect([first.packetId, third.packetId, fourth.packetId]).toEqual([1, 3, 2]);
});

test("a confirmation of an unknown packet id belongs to nobody", () => {
  const { outbox, accept, send } = openOutbox();
  accept();
  send();

  expect([outbox.confirmed(1)?.id, outbox.confirmed(2)]).toEqual(["m1", undefined]);
});

function isSuperseded({ outcome }: Ending): boolean {
  return outcome.kind === "undelivered" && outcome.reason === "superseded";
}

/** One thing that happens to an outbox. */
type Command =
  | { readonly do: "accept"; readonly topic: string; readonly bytes: number; readonly replaces: boolean }
  | { readonly do: "take" | "break" | "loseSession" }
  | { readonly do: "confirm" | "withdraw"; readonly nth: number };

const commands: fc.Arbitrary<readonly Command[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant("accept" as const),
        topic: fc.constantFrom("a", "b", "c"),
        bytes: fc.integer({ min: 0, max: 30 }),
        replaces: fc.boolean(),
      }),
    },
    { weight: 5, arbitrary: fc.record({ do: fc.constant("take" as const) }) },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constantFrom("confirm" as const, "withdraw" as const), nth: fc.nat(9) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("break" as const, "loseSession" as const) }) },
  ),
  { maxLength: 200 },
);

test("whatever happens, bounds and order hold and every message ends exactly once", () => {
  fc.assert(
    fc.property(commands, (steps) => {
      const { outbox, endings, accept } = openOutbox();
      const accepted: OutboxEntry[] = [];
      const sentOnThisConnection: number[] = [];
      const numberOf = ({ id }: OutboxEntry): number => Number(id.slice(1));
      for (const step of steps) {
        const inflight = outbox.unsettled().filter(({ status }) => status === "inflight");
        switch (step.do) {
          case "accept":
            if (outbox.hasRoom(step.bytes, step.replaces ? step.topic : undefined)) accepted.push(accept(step));
            break;
          case "take": {
            const entry = outbox.peek();
            if (entry === undefined) break;
            outbox.take(entry, 0);
            sentOnThisConnection.push(numberOf(entry));
            break;
          }
          case "confirm": {
            const entry = inflight[step.nth % Math.max(1, inflight.length)];
            if (entry === undefined) break;
            expect(outbox.confirmed(entry.packetId)).toBe(entry);
            outbox.settle(entry, CONFIRMED);
            break;
          }
          case "withdraw": {
            const entry = accepted[step.nth % Math.max(1, accepted.length)];
            if (entry !== undefined) outbox.settle(entry, { kind: "undelivered", reason: "expired" });
            break;
          }
          case "break":
          case "loseSession":
            outbox.connectionLost();
            if (step.do === "loseSession") outbox.sessionLost();
            sentOnThisConnection.length = 0;
        }
        const open = accepted.filter(({ status }) => status !== "settled");
        const flying = open.filter(({ status }) => status === "inflight");
        expect(outbox.messages).toBe(open.length);
        expect(outbox.bytes).toBe(open.reduce((sum, { payload }) => sum + payload.byteLength, 0));
        expect(outbox.messages).toBeLessThanOrEqual(BOUNDS.maxMessages);
        expect(outbox.bytes).toBeLessThanOrEqual(BOUNDS.maxBytes);
        expect(new Set(flying.map(({ packetId }) => packetId)).size).toBe(flying.length);
        expect(outbox.inflightCount).toBe(flying.length);
        expect(outbox.unsettled().map(numberOf)).toEqual(open.map(numberOf).sort((a, b) => a - b));
        expect(sentOnThisConnection).toEqual([...sentOnThisConnection].sort((a, b) => a - b));
      }
      for (const entry of outbox.unsettled()) outbox.settle(entry, { kind: "undelivered", reason: "closed" });

      expect([outbox.messages, outbox.bytes, outbox.inflightCount]).toEqual([0, 0, 0]);
      expect(endings.map(({ id }) => id).sort()).toEqual(idsOf(accepted).toSorted());
      const superseded = new Set(endings.filter(isSuperseded).map(({ id }) => id));
      const current = new Map(accepted.filter(({ replaces }) => replaces).map(({ topic, id }) => [topic, id]));
      expect([...current.values()].filter((id) => superseded.has(id))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("thousands of messages settled out of order leave nothing behind and keep the order of the rest", () => {
  const { outbox, accept, send } = openOutbox({ maxMessages: 10_000, maxBytes: 1e9, maxPacketId: 60_000 });
  const entries = Array.from({ length: 4_000 }, () => accept());
  for (const [index, entry] of entries.entries()) {
    if (index % 3 !== 0) outbox.settle(entry, { kind: "undelivered", reason: "expired" });
  }

  const taken: string[] = [];
  while (outbox.peek() !== undefined) taken.push(send().id);

  expect(taken).toEqual(idsOf(entries.filter((_entry, index) => index % 3 === 0)));
});
