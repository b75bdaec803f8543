import { expect, test } from "vitest";
import { type Figures, figuresOf } from "./figures.ts";
import { missingOf } from "./needs.ts";
import { QUIET } from "./observed.fixture.ts";

const NOTHING: Figures = figuresOf([], QUIET);

const NEEDS = { needs: { cuts: 2, messages: 100 } };
const CUTS = [{ counts: "cuts" }, {}, { counts: "cuts" }] as const;

function ours(published: number) {
  return { client: "ours", figures: { ...NOTHING, published } } as const;
}

function other(figures: Partial<Figures>) {
  return { client: "mqttjs", figures: { ...NOTHING, ...figures } } as const;
}

test("a run that did enough, and showed something on the client compared with, counts", () => {
  const columns = [ours(100), ours(101), other({ published: 5, lost_by_client: 1 })];

  expect(missingOf(NEEDS, { faults: CUTS, columns })).toEqual([]);
});

test("what is too little is named with what it should have been", () => {
  const columns = [ours(100), ours(99), other({ lost_by_broker: 7 })];

  const missing = missingOf(NEEDS, { faults: CUTS.slice(1), columns });

  expect(missing.map(({ need, value, atLeast }) => [need, value, atLeast])).toEqual([
    ["cuts", 1, 2],
    ["messages", 99, 100],
    [expect.stringContaining("compared"), 0, 1],
  ]);
});
