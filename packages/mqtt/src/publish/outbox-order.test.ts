import fc from "fast-check";
import { expect, test } from "vitest";
import { BOUNDS, CONFIRMED, type Ending, idsOf, openOutbox } from "./outbox.fixture.ts";
import type { OutboxEntry } from "./outbox.ts";

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

function isSuperseded({ outcome }: Ending): boolean {
  return outcome.kind === "undelivered" && outcome.reason === "superseded";
}
