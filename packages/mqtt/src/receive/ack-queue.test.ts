import fc from "fast-check";
import { expect, test } from "vitest";
import { AckQueue } from "./ack-queue.ts";

/** The ids that are due when this one is done with. */
function settle(queue: AckQueue, slot: ReturnType<AckQueue["add"]>): readonly number[] {
  const due: number[] = [];
  queue.settle(slot, (packetId) => due.push(packetId));
  return due;
}

test("a packet that is done with is acknowledged at once when all before it are", () => {
  const queue = new AckQueue();
  const [first, second] = [queue.add(11), queue.add(12)];

  expect([settle(queue, first), settle(queue, second)]).toEqual([[11], [12]]);
});

test("a packet that is done with early waits for those before it", () => {
  const queue = new AckQueue();
  const [first, second, third] = [queue.add(11), queue.add(12), queue.add(13)];

  expect(settle(queue, third)).toEqual([]);
  expect(settle(queue, first)).toEqual([11]);
  expect(settle(queue, second)).toEqual([12, 13]);
});

test("in whatever order packets are done with, all are acknowledged once, in the order they came", () => {
  const scenario = fc
    .integer({ min: 0, max: 300 })
    .chain((count) =>
      fc.tuple(
        fc.array(fc.boolean(), { minLength: count * 2, maxLength: count * 2 }),
        fc.shuffledSubarray([...Array(count).keys()], { minLength: count }),
      ),
    );
  fc.assert(
    fc.property(scenario, ([turns, order]) => {
      const queue = new AckQueue();
      const slots: ReturnType<AckQueue["add"]>[] = [];
      const acknowledged: number[] = [];
      const toSettle = [...order];
      const settleOne = (): void => {
        const at = toSettle.findIndex((index) => index < slots.length);
        const slot = slots[toSettle.splice(at, 1)[0] ?? -1];
        if (at >= 0 && slot !== undefined) acknowledged.push(...settle(queue, slot));
      };
      for (const adds of turns) {
        if (adds && slots.length < order.length) slots.push(queue.add(slots.length + 1));
        else if (toSettle.some((index) => index < slots.length)) settleOne();
        expect(queue.unacknowledged).toBe(slots.length - acknowledged.length);
      }
      while (slots.length < order.length) slots.push(queue.add(slots.length + 1));
      while (toSettle.length > 0) settleOne();

      expect(acknowledged).toEqual(slots.map(({ packetId }) => packetId));
      expect(queue.unacknowledged).toBe(0);
    }),
  );
});
