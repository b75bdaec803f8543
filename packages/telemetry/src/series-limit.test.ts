import { expect, test } from "vitest";
import { SeriesLimit } from "./series-limit.ts";

test("over the limit every new combination is called other, and the old ones stay themselves", () => {
  const limit = new SeriesLimit(2);

  const admitted = ["a", "b", "c", "d", "a"].map((topic) => limit.admit("handled", { topic, outcome: "done" }));

  expect(admitted.map(({ topic, outcome }) => `${topic} ${outcome}`)).toEqual([
    "a done",
    "b done",
    "other other",
    "other other",
    "a done",
  ]);
});

test("each measurement has its own limit, and one without labels needs none", () => {
  const limit = new SeriesLimit(1);
  limit.admit("handled", { topic: "a" });

  expect(limit.admit("published", { topic: "b" })).toEqual({ topic: "b" });
  expect([limit.admit("orphans", {}), limit.admit("orphans", {})]).toEqual([{}, {}]);
});
