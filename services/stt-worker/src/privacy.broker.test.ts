import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeWav } from "@ts-tars/audio";
import { sttPrivacy } from "@ts-tars/contracts";
import { expect, onTestFinished, test } from "vitest";
import { joined, quiet, speak } from "./speech.fixture.ts";
import { openStage, PATIENT, type Stage } from "./stage.fixture.ts";

const own = (stage: Stage, grant = "open") =>
  stage.states.until(({ site_id, hearing }) => site_id === "default" && hearing.state === grant);

/** A folder that is gone with the test. */
async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "stt-microphone-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A microphone that is a program: it writes a file as raw sound, and a line into another one each time it is started. */
async function programmedMicrophone(folder: string): Promise<{ readonly command: string; readonly starts: string }> {
  const [raw, starts] = [join(folder, "sound.raw"), join(folder, "starts")];
  const sound = joined(quiet(500), await speak("what time is it", "awb"), quiet(30_000));
  await writeFile(raw, new Uint8Array(sound.buffer));
  const player = `ffmpeg -nostdin -loglevel quiet -re -f s16le -ar 16000 -ac 1 -i ${raw} -f s16le -`;
  return { command: `sh -c 'echo started >> ${starts}; exec ${player}'`, starts };
}

test("at the first start no microphone is opened, and the state says why", async () => {
  await using stage = await openStage({
    isAllowed: false,
    isWarm: false,
    env: { STT_SOURCE: "device", STT_COMMAND: "cat /dev/zero" },
  });

  expect(await stage.states.until(({ site_id }) => site_id === "default")).toMatchObject({
    privacy: true,
    privacy_reason: "not yet allowed",
    grant: "closed",
    hearing: { source: "device", state: "closed" },
  });
});

test("a person's word is kept over a restart, in both directions", async () => {
  await using stage = await openStage({ isWarm: false });
  await stage.world.stop("stt");
  expect(JSON.parse(await readFile(join(stage.stateDir, "privacy.json"), "utf8"))).toEqual({
    on: false,
    reason: "test",
  });
  const count = stage.states.seen.length;
  await stage.world.start("stt");
  await stage.states.untilAll((seen) => seen.length > count);
  expect(stage.states.seen.slice(count).every(({ privacy }) => !privacy)).toBe(true);

  await stage.client.publishConfirmed(sttPrivacy, { on: true, reason: "button" });
  await stage.states.until(({ privacy, privacy_reason }) => privacy && privacy_reason === "button");
  await stage.world.stop("stt");
  const before = stage.states.seen.length;
  await stage.world.start("stt");
  await stage.states.untilAll((seen) => seen.length > before);
  expect(stage.states.seen.slice(before).every(({ privacy }) => privacy)).toBe(true);
});

test("an answer that cannot be read counts as none: privacy is on", async () => {
  await using stage = await openStage({ isWarm: false });
  await stage.world.stop("stt");
  await writeFile(join(stage.stateDir, "privacy.json"), "{");
  await stage.world.start("stt");

  expect(
    await stage.states.until(({ privacy_reason = "" }) => privacy_reason.includes("cannot be read")),
  ).toMatchObject({ privacy: true });
});

test("with privacy on a microphone's grant is refused in words, its frames are dropped, and a file is heard", async () => {
  await using stage = await openStage({ isAllowed: false });
  const question = joined(quiet(300), await speak("what time is it", "awb"), quiet(1_000));

  const page = stage.room({ isFile: false });
  await page.open();
  await page.play(question, 4);
  expect(await page.outcome()).toMatchObject({ type: "refused", data: { reason: "privacy", utt_id: page.uttId } });

  const machine = stage.room({ siteId: "default" });
  machine.grant();
  expect(await machine.outcome()).toMatchObject({ type: "refused", data: { reason: "privacy" } });

  const file = stage.room();
  await file.open();
  await file.play(question, 4);
  expect(await file.outcome()).toMatchObject({ type: "final", data: { text: "what time is it" } });
  expect(page.said.seen.length).toBe(1);
});

test("privacy in the middle of an utterance ends it, and what was heard before is not read afterwards", async () => {
  await using stage = await openStage();
  const page = stage.room({ isFile: false });
  await page.open({ ttl_ms: 60_000 });
  const playing = page.play(
    joined(quiet(300), await speak("could you explain how a rocket engine works", "rms"), quiet(500)),
  );
  await page.said.until(({ type }) => type === "partial", PATIENT);

  stage.client.publish(sttPrivacy, { on: true, reason: "button" });
  expect(await page.outcome()).toMatchObject({ type: "refused", data: { reason: "privacy" } });
  await playing;
  stage.client.publish(sttPrivacy, { on: false });
  await stage.states.until((state) => !state.privacy && stage.states.seen.some(({ privacy }) => privacy));
  page.grant({ grant: "open", capture_id: page.captureId, from_sample: 0, ttl_ms: 300 });
  await stage.states.untilAll((seen) => seen.findLast(({ site_id }) => site_id === page.siteId)?.grant === "armed");

  expect(page.said.seen.filter(({ type }) => type === "final")).toEqual([]);
});

test("this machine's microphone is a program that is opened when it is allowed, and ended when it is not any more", async () => {
  const { command, starts } = await programmedMicrophone(await openFolder());
  await using stage = await openStage({
    isAllowed: false,
    env: { STT_SOURCE: "device", STT_COMMAND: command },
  });
  await expect(readFile(starts, "utf8")).rejects.toThrow("ENOENT");

  stage.client.publish(sttPrivacy, { on: false });
  const { capture_id } = await stage.states.until(
    ({ site_id, capture_id: id }) => site_id === "default" && id !== undefined,
  );
  const machine = stage.room({ siteId: "default" });
  machine.grant({ capture_id, from_sample: 0 });
  expect(await machine.outcome()).toMatchObject({
    type: "final",
    data: { text: "what time is it", site_id: "default" },
  });

  const seen = stage.states.seen.length;
  stage.client.publish(sttPrivacy, { on: true, reason: "button" });
  await stage.states.untilAll((states) =>
    states.slice(seen).some(({ site_id, hearing }) => site_id === "default" && hearing.state === "closed"),
  );
  expect(await readFile(starts, "utf8")).toBe("started\n");
});

test("a file as this machine's source is no microphone", async () => {
  const path = join(await openFolder(), "question.wav");
  await writeFile(path, encodeWav([joined(quiet(4_000), await speak("what time is it", "awb"))]));
  // The file is played from the start on: on a busy machine its question would be over before the recogniser is up.
  await using stage = await openStage({ isAllowed: false, isWarm: false, env: { STT_SOURCE: "wav", STT_FILE: path } });
  await own(stage);
  const machine = stage.room({ siteId: "default" });
  machine.grant();

  expect(await machine.outcome()).toMatchObject({ type: "final", data: { text: "what time is it" } });
});
