import fc from "fast-check";
import { expect, test } from "vitest";
import { PassingQueue } from "./passing-queue.ts";

interface Member {
  readonly number: number;
  stands: boolean;
}

/** A queue, and the plain list that it has to agree with. */
function openQueue() {
  const queue = new PassingQueue<Member>(({ stands }) => stands);
  let model: Member[] = [];
  let count = 0;
  return {
    queue,
    members: () => model,
    push: (): void => {
      const member = { number: count, stands: true };
      count += 1;
      queue.push(member);
      model.push(member);
    },
    leave: (nth: number): void => {
      const member = model[nth % Math.max(1, model.length)];
      if (member === undefined) return;
      model = model.filter((other) => other !== member);
      member.stands = false;
      queue.left();
    },
    shift: (): void => {
      const member = queue.peek();
      if (member === undefined) return;
      model = model.slice(1);
      member.stands = false;
      queue.shift();
    },
  };
}

test("whoever comes, and leaves from wherever, the others stay in order and the first of them is at the head", () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.constant("push" as const) },
    { weight: 2, arbitrary: fc.constant("shift" as const) },
    { weight: 1, arbitrary: fc.nat(1_000) },
  );

  fc.assert(
    fc.property(fc.array(step, { maxLength: 3_000, size: "max" }), (steps) => {
      const { queue, members, push, leave, shift } = openQueue();
      for (const each of steps) {
        if (each === "push") push();
        else if (each === "shift") shift();
        else leave(each);
        expect(queue.peek()).toBe(members()[0]);
      }
      expect(queue.all()).toEqual(members());
    }),
    { numRuns: 50 },
  );
});

test("many that leave behind one that stays are swept out, and the one stays at the head", () => {
  const { queue, members, push, leave } = openQueue();
  for (let count = 0; count < 2_000; count += 1) push();

  for (let count = 0; count < 1_999; count += 1) leave(1);
  push();

  expect(queue.peek()?.number).toBe(0);
  expect(queue.all()).toEqual(members());
});
