import fc from "fast-check";
import { expect, test } from "vitest";
import { PacketTable } from "./packet-table.ts";

test("whatever comes and goes, each id leads to who bears it, and no other id does", () => {
  // Few ids far apart want the same places; the highest is the highest there is.
  const ids = fc.constantFrom(1, 2, 257, 513, 1_025, 32_769, 59_999, 60_000);

  fc.assert(
    fc.property(fc.array(fc.record({ id: ids, comes: fc.boolean() })), (steps) => {
      const table = new PacketTable<{ readonly packetId: number }>();
      const model = new Map<number, { readonly packetId: number }>();
      for (const { id, comes } of steps) {
        const known = model.get(id);
        if (comes && known === undefined) {
          const item = { packetId: id };
          table.add(item);
          model.set(id, item);
        } else if (!comes && known !== undefined) {
          table.remove(known);
          model.delete(id);
        }
        for (let asked = 0; asked <= 60_000; asked += 1) {
          if (table.get(asked) !== model.get(asked)) expect(table.get(asked)).toBe(model.get(asked));
        }
      }
    }),
    { numRuns: 30 },
  );
});

test("who is not in it cannot take another's place away", () => {
  const table = new PacketTable<{ readonly packetId: number }>();
  const item = { packetId: 7 };
  table.add(item);

  table.remove({ packetId: 7 });

  expect(table.get(7)).toBe(item);
});
