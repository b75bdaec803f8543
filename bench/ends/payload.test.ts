import { expect, test } from "vitest";
import { rollDice } from "../scorecard/dice.ts";
import { createData, drawText, PayloadKinds, Reading, ReadingList } from "./payload.ts";

test("the data is as large as its kind says, whatever was drawn", () => {
  const sizes = PayloadKinds.map((kind) =>
    [1, 2, 3].map((seed) => {
      const fields = { seq: 12_345, sentAtMs: 12_345_678.125, key: "k0", text: drawText(rollDice(seed)) };
      return JSON.stringify(createData(kind, fields)).length;
    }),
  );

  expect(sizes[0]).toEqual([300, 300, 300]);
  for (const size of sizes[1] ?? []) expect(Math.abs(size - 20_000)).toBeLessThan(400);
});

test("the data is what the schemas of the contracts let through, nothing more", () => {
  const fields = { seq: 0, sentAtMs: 1, key: "k0", text: drawText(rollDice(1)) };

  expect(Reading.strict().safeParse(createData("300 B", fields)).success).toBe(true);
  expect(ReadingList.strict().safeParse(createData("20 kB", fields)).success).toBe(true);
});
