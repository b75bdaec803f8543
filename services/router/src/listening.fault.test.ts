import { sttFinal, ttsSay, turnListen, wakeMic } from "@ts-tars/contracts";
import { expect, test } from "vitest";
import { openStage, type Stage } from "./stage.fixture.ts";

const CUTS = ["pressed", "granted", "transcribed", "said", "sounding"] as const;
type Cut = (typeof CUTS)[number];

/** Plays stt-worker and tts-worker, and kills the broker once, at its point. */
async function playWorkers(stage: Stage, cut: Cut): Promise<{ readonly reach: (point: Cut) => Promise<void> }> {
  let isCut = false;
  const reach = async (point: Cut): Promise<void> => {
    if (isCut || point !== cut) return;
    isCut = true;
    await stage.broker.restart({ how: "kill" });
  };
  const ears = stage.client.subscribe(wakeMic, async ({ data: { grant, utt_id } }) => {
    if (grant !== "open" || utt_id === undefined) return;
    await reach("granted");
    stage.client.publish(sttFinal, { text: "who are you", utt_id, endpoint_ms: 1, transcribe_ms: 1 });
    await reach("transcribed");
  });
  const mouth = stage.client.subscribe(ttsSay, async ({ data: say }) => {
    await reach("said");
    stage.sound(say, "speaking_start", { expected_ms: 200 });
    await reach("sounding");
    stage.sound(say, "speaking_end", { reason: "done", spoken_ratio: 1 });
  });
  await Promise.all([ears.active, mouth.active]);
  return { reach };
}

test.each(CUTS)("a broker killed once the turn is %s leaves no spoken turn without its end", async (cut) => {
  await using stage = await openStage({ workers: ["tts-worker", "llm-worker", "stt-worker"], persistence: true });
  const { reach } = await playWorkers(stage, cut);

  stage.client.publish(turnListen, { action: "start" });
  await reach("pressed");
  // What the broker acknowledged right before it was killed is lost: then the person presses again.
  const isHeard = await stage.answers
    .until(({ final }) => final, { deadlineMs: 12_000 })
    .then(
      () => true,
      () => false,
    );
  if (!isHeard) stage.client.publish(turnListen, { action: "start" });
  const final = await stage.answers.until((answer) => answer.final, { deadlineMs: 30_000 });

  expect(final.text).not.toBe("");
  await stage.reports.until(({ utt_id }) => utt_id === final.utt_id, { deadlineMs: 30_000 });
  const mine = stage.answers.seen.filter((answer) => answer.utt_id === final.utt_id && answer.final);
  expect(mine).toHaveLength(1);
});
