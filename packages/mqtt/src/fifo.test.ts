import fc from "fast-check";
import { expect, test } from "vitest";
import { Fifo } from "./fifo.ts";

test("what goes in comes out, in order, however pushes and shifts alternate", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 2_000 }), (steps) => {
      const queue = new Fifo<number>();
      const model: number[] = [];
      const taken: (number | undefined)[] = [];
      const expected: (number | undefined)[] = [];
      for (const [index, isPush] of steps.entries()) {
        if (isPush) {
          queue.push(index);
          model.push(index);
        } else {
          expected.push(model[0], model.shift());
          taken.push(queue.peek(), queue.shift());
        }
      }

      expect(taken).toEqual(expected);
      expect([queue.length, queue.drain(), queue.length]).toEqual([model.length, model, 0]);
    }),
  );
});
