import { expect, test } from "vitest";
import { openStage } from "./stage.fixture.ts";

test("questions asked through broker kills are answered at most once each, and none cancels another", async () => {
  await using stage = await openStage({ workers: ["tts-worker"], persistence: true });
  const asked: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    for (let count = 0; count < 15; count += 1) asked.push(stage.ask("what time is it", { speak: "no" }));
    await stage.broker.restart({ how: "kill" });
    // Both sides are back when a question of after the kill has its answer.
    const fence = stage.ask("who are you", { speak: "no" });
    await stage.answers.until(({ utt_id, final }) => utt_id === fence && final, { deadlineMs: 30_000 });
  }

  const finals = stage.answers.seen.filter(({ final }) => final);
  const counts = Map.groupBy(finals, ({ utt_id }) => utt_id);
  expect(finals.map(({ path }) => path).filter((path) => path !== "intent")).toEqual([]);
  expect([...counts.values()].filter((answers) => answers.length > 1)).toEqual([]);
  // The broker may lose what it acknowledged right before it is killed; the client loses nothing.
  expect(asked.filter((uttId) => counts.has(uttId)).length).toBeGreaterThan(asked.length / 2);
});
