import { NO_SIGHTS } from "@ts-tars/harness/watch";
import { expect, test } from "vitest";
import { summarizeSights } from "./sight-summary.ts";

const seen = { line: 1, error: 2, inspection: 3, message: 4, retained: 5 };

test("what was looked at is added up over all files", () => {
  const files = [
    { lane: "broker", counts: seen },
    { lane: "fault", counts: seen },
    { lane: "types", counts: undefined },
  ];

  const { lines, blindCount } = summarizeSights(files, { isWhole: true });

  expect(lines).toEqual([
    "looked at for planted texts: 2 × line, 4 × error, 6 × inspection, 8 × message, 10 × retained",
  ]);
  expect(blindCount).toBe(0);
});

test("a whole lane that showed nothing of a kind that it cannot but show makes the run fail, and says what", () => {
  const files = [
    { lane: "broker", counts: { ...seen, message: 0 } },
    { lane: "unit", counts: NO_SIGHTS },
  ];

  const { lines, blindCount } = summarizeSights(files, { isWhole: true });

  expect(lines.slice(1)).toEqual([
    "The watch for planted texts has seen no message in the broker lane: it is blind there.",
    "The watch for planted texts has seen no line in the unit lane: it is blind there.",
    "The watch for planted texts has seen no error in the unit lane: it is blind there.",
  ]);
  expect(blindCount).toBe(3);
});

test("a lane whose set-up never told what it saw is blind", () => {
  const { blindCount } = summarizeSights([{ lane: "broker", counts: undefined }], { isWhole: true });

  expect(blindCount).toBe(5);
});

test("a run of chosen files may show nothing", () => {
  const { blindCount } = summarizeSights([{ lane: "broker", counts: NO_SIGHTS }], { isWhole: false });

  expect(blindCount).toBe(0);
});
