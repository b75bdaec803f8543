import fc from "fast-check";
import { expect, test } from "vitest";
import { follow, type NoiseFloor, QUIET_ROOM } from "./noise-floor.ts";

const after = (levels: readonly number[], from = QUIET_ROOM): NoiseFloor => levels.reduce(follow, from);
const frames = (count: number, levelDb: number): readonly number[] => Array.from({ length: count }, () => levelDb);

test("the floor is of use before the first frame, and stays where a talker leaves it", () => {
  const syllables = Array.from({ length: 100 }, (_, index) => (index % 10 < 8 ? -20 : -58));

  expect(QUIET_ROOM.floorDb).toBe(-60);
  expect(after(syllables).floorDb).toBeLessThanOrEqual(-57);
});

test("a steady sound is the room after 400 ms, and not before", () => {
  expect(after(frames(19, -40)).floorDb).toBe(-60);
  expect(after(frames(20, -40)).floorDb).toBe(-40);
});

test("an uneven room is known after 1.6 s", () => {
  const uneven = Array.from({ length: 90 }, (_, index) => -40 + (index % 7) * 2);

  expect(after(uneven).floorDb).toBe(-40);
});

test("one lost frame moves the floor by 3 dB at most, a quiet room is known in half a second", () => {
  const loud = after(frames(40, -40));

  expect(after([-100], loud).floorDb).toBe(-43);
  expect(after(frames(12, -70), loud).floorDb).toBe(-70);
});

test("whatever is heard, the floor stays within its bounds and the memory too", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -100, max: 0, noNaN: true }), { maxLength: 400 }), (levels) => {
      const { floorDb, recent, spans } = after(levels);
      expect(floorDb).toBeGreaterThanOrEqual(-75);
      expect(floorDb).toBeLessThanOrEqual(-20);
      expect(recent.length).toBeLessThanOrEqual(20);
      expect(spans.length).toBeLessThanOrEqual(8);
    }),
  );
});
