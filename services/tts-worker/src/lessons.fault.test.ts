import { expect, test } from "vitest";
import { openServiceStage } from "./service-stage.fixture.ts";

test("defect 11: the end of the broker is not the end of the service, which speaks again when it is back", async () => {
  await using stage = await openServiceStage({ TTS_ENGINE: "silent", TTS_SINK: "null" }, { persistence: true });
  await stage.untilEnd(stage.say("Before."));

  await stage.broker.kill();
  await stage.broker.start();
  await stage.healths.until(({ session }) => session !== stage.healths.seen[0]?.session);

  expect(await stage.untilEnd(stage.say("After."))).toMatchObject({ reason: "done" });
  expect(stage.world.isRunning("tts")).toBe(true);
});
