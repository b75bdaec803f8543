import { expect, test } from "vitest";
import { DeadlineError } from "./deadline.ts";
import { fence, through } from "./fence.ts";
import { recorder } from "./recorder.ts";

test("Items are handed out once and in order, whether they were there before or come later", async () => {
  const numbers = recorder<number>();
  numbers.push(1);
  const first = await numbers.next();
  const waiting = numbers.take(2);
  numbers.push(2);
  numbers.push(3);

  expect(first).toBe(1);
  expect(await waiting).toEqual([2, 3]);
  expect(numbers.seen).toEqual([1, 2, 3]);
});

test("Items that come in one turn go to one wait each, in the order of the waits", async () => {
  const numbers = recorder<number>();
  const [first, second] = [numbers.next(), numbers.take(2)];

  for (const each of [1, 2, 3, 4]) numbers.push(each);

  expect(await first).toBe(1);
  expect(await second).toEqual([2, 3]);
  expect(await numbers.next()).toBe(4);
});

test("Until looks at everything ever seen and consumes nothing", async () => {
  const words = recorder<string>();
  words.push("early");
  const early = await words.until((word) => word === "early");
  const late = words.until((word) => word === "late");
  words.push("late");

  expect([early, await late, await words.next()]).toEqual(["early", "late", "early"]);
});

test("A recorded item that changes is looked at again when it is touched", async () => {
  const boxes = recorder<{ isOpen: boolean }>();
  const box = { isOpen: false };
  boxes.push(box);
  const opened = boxes.until(({ isOpen }) => isOpen);

  box.isOpen = true;
  boxes.touch(box);

  expect(await opened).toBe(box);
});

test("A predicate that throws fails its own wait, not the one who records", async () => {
  const words = recorder<string>();
  const failing = words.until(() => {
    throw new Error("bad predicate");
  });
  words.push("word");

  expect(words.seen).toEqual(["word"]);
  await expect(failing).rejects.toThrow("bad predicate");
});

test("A missed deadline prints what was waited for and what was seen", async () => {
  const words = recorder<string>();
  words.push("apple");

  const missed = words.until((word) => word === "pear", { deadlineMs: 1 });

  await expect(missed).rejects.toThrow(DeadlineError);
  await expect(missed).rejects.toThrow(/word === "pear".*1 seen, 0 of them consumed before:\n {2}0: 'apple'/s);
});

test("A missed deadline of an empty recorder says that nothing was seen", async () => {
  await expect(recorder<string>().next({ deadlineMs: 1 })).rejects.toThrow("1 more; nothing was seen");
});

test("UntilAll waits for a claim about everything seen", async () => {
  const numbers = recorder<number>();
  const sumOfTen = numbers.untilAll((seen) => seen.reduce((sum, each) => sum + each, 0) >= 10);
  for (const each of [4, 4, 4]) numbers.push(each);

  expect(await sumOfTen).toEqual([4, 4, 4]);
});

test("A fence passes when it is the only thing that arrives", async () => {
  const words = recorder<string>();
  words.push("known");
  await words.next();

  await fence(words, { publish: () => words.push("fence"), isMarker: (word) => word === "fence" });

  expect(words.seen).toEqual(["known", "fence"]);
});

test("A fence fails and names what came before it, also what came before it was sent", async () => {
  const words = recorder<string>();
  words.push("unexpected");

  const crossed = fence(words, { publish: () => words.push("fence"), isMarker: (word) => word === "fence" });

  await expect(crossed).rejects.toThrow(/Only the fence was expected.*unexpected/s);
});

test("Through gives what arrived before the marker", async () => {
  const words = recorder<string>();
  words.push("one");
  words.push("two");

  const before = await through(words, { publish: () => words.push("|"), isMarker: (word) => word === "|" });

  expect(before).toEqual(["one", "two"]);
});
