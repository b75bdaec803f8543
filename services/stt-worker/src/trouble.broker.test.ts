import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemHealth, ttsStatus } from "@ts-tars/contracts";
import { rawClient } from "@ts-tars/harness";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { joined, quiet, speak } from "./speech.fixture.ts";
import { mintId, openStage, PATIENT, type Stage } from "./stage.fixture.ts";

const MODEL_DIR = "/usr/share/pocketsphinx/model/en-us";

// The two that wait, one for the next try of its engine and one for sound to end, wait together.
test.concurrent("a missing model is named in the health and at the grant, with the line that installs it, and found once it is there", async ({
  onTestFinished,
}) => {
  const modelDir = await mkdtemp(join(tmpdir(), "stt-models-"));
  onTestFinished(() => rm(modelDir, { recursive: true }));
  await using stage = await openStage({ isWarm: false, env: { STT_MODEL_DIR: modelDir } });
  const { degraded = [] } = await stage.healths.until(({ degraded: all = [] }) => all.length > 0, PATIENT);
  expect(degraded.join()).toContain("apt-get install -y pocketsphinx-en-us");
  const room = stage.room();
  room.grant({ capture_id: room.captureId, from_sample: 0 });
  expect(await room.outcome()).toMatchObject({
    type: "refused",
    data: { reason: "engine_missing", utt_id: room.uttId, detail: expect.stringContaining("apt-get install") },
  });

  for (const name of ["en-us", "en-us.lm.bin", "cmudict-en-us.dict"])
    await symlink(join(MODEL_DIR, name), join(modelDir, name));
  await stage.healths.until(({ detail }) => detail?.["profile"] !== undefined, PATIENT);
  const again = stage.room();
  await again.open();
  await again.play(joined(quiet(300), await speak("what time is it", "awb")), 4);
  expect(await again.outcome()).toMatchObject({ type: "final", data: { text: "what time is it" } });
});

test.concurrent("when every place is taken the next site is told that the house is full, and is heard once another one is over", async () => {
  await using stage = await openStage({ isWarm: false, env: { STT_SITE_COUNT: "2" } });
  const [kitchen, office, attic] = [stage.room(), stage.room(), stage.room()];
  const ending = [kitchen.play(quiet(6_000)), office.play(quiet(32_000), 4)];
  await stage.states.until(({ site_id, hearing }) => site_id === kitchen.siteId && hearing.state === "open");
  await stage.states.until(({ site_id, hearing }) => site_id === office.siteId && hearing.state === "open");
  attic.grant();
  expect(await attic.outcome()).toMatchObject({ type: "refused", data: { reason: "busy", utt_id: attic.uttId } });
  await stage.states.until(({ site_id, hearing }) => site_id === attic.siteId && hearing.state === "full");

  await ending[0];
  await attic.open();
  expect(attic.said.seen.length).toBe(1);
  await Promise.all(ending);
});

test("a machine without a microphone says so at the grant, with what to do", async () => {
  await using stage = await openStage({ isWarm: false });
  const machine = stage.room({ siteId: "default" });
  machine.grant();

  expect(await machine.outcome()).toMatchObject({
    type: "refused",
    data: { reason: "no_microphone", detail: expect.stringContaining("STT_SOURCE") },
  });
});

test("a microphone that cannot be opened is lost, named in the health and at the grant", async () => {
  await using stage = await openStage({
    isWarm: false,
    env: { STT_SOURCE: "device", STT_COMMAND: "sh -c 'echo no such card >&2; exit 1'" },
  });
  const { degraded = [] } = await stage.healths.until(({ degraded: all = [] }) => all.length > 0, PATIENT);
  expect(degraded.join()).not.toBe("");
  await stage.states.until(({ site_id, hearing }) => site_id === "default" && hearing.state === "lost");
  const machine = stage.room({ siteId: "default" });
  machine.grant();

  expect(await machine.outcome()).toMatchObject({ type: "refused", data: { reason: "no_microphone" } });
});

// One worker for all of them: to bring a recogniser up is most of the work. Each speaks in a room of its own, and has a place.
describe("with a recogniser that is up", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ env: { STT_SITE_COUNT: "5" } });
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  // The first one: only the decoder that is warm tells its partials in time.
  test("when another router takes over, what is being said is dropped and the grant is armed", async () => {
    const router = systemHealth.at({ service: "router" });
    const sign = (boot: string) => ({ ok: true, event: "ready", boot, session: boot.slice(0, 16) });
    stage.client.publish(router, sign("a".repeat(32)));
    const room = stage.room();
    await room.open({ ttl_ms: 60_000 });
    const playing = room.play(
      joined(quiet(300), await speak("could you explain how a rocket engine works", "rms"), quiet(300)),
    );
    await room.said.until(({ type }) => type === "partial", PATIENT);

    stage.client.publish(router, sign("b".repeat(32)));
    expect(await room.outcome()).toMatchObject({ type: "refused", data: { reason: "dropped" } });
    await stage.states.untilAll((seen) => seen.findLast(({ site_id }) => site_id === room.siteId)?.grant === "armed");
    await playing;
  });

  test("a flood at one site, and junk at another, keep nobody else from being heard", async () => {
    const [flood, asker] = [stage.room({ isFile: false }), stage.room()];
    const flooding = flood.play(quiet(120_000), 400);
    await using stranger = await rawClient({ url: stage.broker.url });
    for (let count = 0; count < 200; count += 1) await stranger.publish("audio/junk/mic", "no sound at all");

    await asker.open();
    await asker.play(joined(quiet(300), await speak("what time is it", "awb"), quiet(900)), 2);
    expect(await asker.outcome()).toMatchObject({ type: "final", data: { text: "what time is it" } });
    await flooding;
  });

  test("of two microphones at one site the newer one is heard", async () => {
    const [older, newer] = [stage.room({ siteId: "kitchen" }), stage.room({ siteId: "kitchen" })];
    const talking = older.play(quiet(20_000), 4);
    await stage.states.until(({ site_id, capture_id }) => site_id === "kitchen" && capture_id === older.captureId);
    newer.grant({ capture_id: newer.captureId, from_sample: 0 });
    await newer.play(joined(quiet(300), await speak("what time is it", "awb"), quiet(900)), 4);

    expect(await newer.outcome()).toMatchObject({
      type: "final",
      data: { text: "what time is it", utt_id: newer.uttId },
    });
    await talking;
  });

  test("old peers open and close the microphone with their own words", async () => {
    const room = stage.room();
    room.grant({ grant: undefined, action: "unmute", capture_id: room.captureId, from_sample: 0 });
    await stage.states.until(({ site_id, grant }) => site_id === room.siteId && grant === "open");
    room.grant({ grant: undefined, action: "mute" });

    await stage.states.untilAll((seen) => seen.findLast(({ site_id }) => site_id === room.siteId)?.grant === "armed");
  });

  // The last one: what the robot has said is taken for its echo for a while.
  test("the robot's own sentence, heard at any site while it sounds, is refused as an echo", async () => {
    const room = stage.room();
    const sentence = { utt_id: mintId(), say_id: mintId(), seq: 0, text: "What time is it?", kind: "answer" as const };
    await stage.client.publishConfirmed(ttsStatus, {
      event: "speaking_start",
      expected_ms: 5_000,
      site_id: "kitchen",
      ...sentence,
    });
    await room.open();
    await room.play(joined(quiet(300), await speak("what time is it", "awb"), quiet(900)), 4);

    expect(await room.outcome()).toMatchObject({ type: "refused", data: { reason: "echo" } });
  });
});
