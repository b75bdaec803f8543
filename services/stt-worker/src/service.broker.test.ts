import { intentsCurrent } from "@ts-tars/contracts";
import { expect, test } from "vitest";
import { joined, quiet, speak } from "./speech.fixture.ts";
import { COMMANDS, mintId, openStage, PATIENT } from "./stage.fixture.ts";

test("a spoken question becomes partials and one final text, with where its time went", async () => {
  await using stage = await openStage();
  const [uttId, captureId] = [mintId(), mintId().slice(16)];
  const question = joined(quiet(300), await speak("could you explain how a rocket engine works", "rms"), quiet(1_500));

  stage.grant({ grant: "open", utt_id: uttId, capture_id: captureId, from_sample: 0 });
  await stage.states.until(({ site_id, grant }) => site_id === "room" && grant === "open");
  await stage.play(question, { captureId });
  const outcome = await stage.outcome();

  expect(outcome).toMatchObject({ type: "final", data: { utt_id: uttId, site_id: "room", reason: "silence" } });
  expect(outcome.data).toMatchObject({ text: expect.stringContaining("engine works"), lang: "en", is_final: true });
  const partials = stage.said.seen.filter(({ type }) => type === "partial");
  expect(partials.length).toBeGreaterThan(2);
});

test("a command is read through the grammar of the intents, whose version is told", async () => {
  await using stage = await openStage();
  stage.client.publish(intentsCurrent, COMMANDS);
  await stage.healths.until(({ detail }) => detail?.["intents_version"] === COMMANDS.version, PATIENT);
  const captureId = mintId().slice(16);
  const command = joined(quiet(300), await speak("what time is it", "awb"), quiet(1_500));

  stage.grant({ grant: "open", utt_id: mintId(), capture_id: captureId, from_sample: 0 });
  await stage.states.until(({ site_id, grant }) => site_id === "room" && grant === "open");
  await stage.play(command, { captureId });

  expect(await stage.outcome()).toMatchObject({
    type: "final",
    data: { text: "what time is it", reason: "complete", intents_version: COMMANDS.version },
  });
});
