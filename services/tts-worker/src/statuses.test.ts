import { expect, test } from "vitest";
import { sentenceOf, statusOf } from "./statuses.ts";

const MINTED = { uttId: "m".repeat(32), sayId: "n".repeat(32) };
const SAY = { text: "It is late.", site_id: "hall", utt_id: "a".repeat(32), say_id: "b".repeat(32), seq: 3 };

test.for([true, false])("a status says whether its sentence is the last of its turn (%s)", (last) => {
  const sentence = sentenceOf({ ...SAY, last }, MINTED);

  for (const report of [
    { event: "queued", sentence } as const,
    { event: "speaking_end", sentence, reason: "done", spokenRatio: 1 } as const,
  ]) {
    expect(statusOf(report, { siteId: "hall" })).toMatchObject({ last, seq: 3, say_id: SAY.say_id, site_id: "hall" });
  }
});

test("a sentence without a turn is one of its own, and the last one", () => {
  expect(sentenceOf({ text: "Hello.", site_id: "hall" }, MINTED)).toMatchObject({ ...MINTED, isLast: true });
});
