/**
 * What was wrong with the old tts-worker, and must not come back: its defects by their numbers, and what its users said.
 * Defect 10, one cache for all voices: `phrase-cache.test.ts`. Defect 11, an end with the broker: `lessons.fault.test.ts`.
 */
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseWav } from "@ts-tars/audio";
import { audioPlayout, audioSpeaker, ttsControl, ttsSay, ttsStatus } from "@ts-tars/contracts";
import { rawClient, recorder } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { id, openServiceStage } from "./service-stage.fixture.ts";

const SILENT = { TTS_ENGINE: "silent", TTS_SINK: "null", TTS_SILENT_CHARS_PER_SEC: "10" };
const LONG = "This is a sentence that takes its time.";

test.each(["enveloped", "bare"] as const)(
  "defect 1: a control is understood however it comes, so that speech can be interrupted (%s)",
  async (form) => {
    await using stage = await openServiceStage(SILENT);
    const sayId = stage.say(LONG);
    await stage.statuses.until(({ event }) => event === "speaking_start");

    await using old = await rawClient({ url: stage.url });
    if (form === "bare") await old.publish("tts/control", { action: "stop", reason: "barge-in" });
    else stage.client.publish(ttsControl, { action: "stop", reason: "barge-in" });

    expect(await stage.untilEnd(sayId)).toMatchObject({ event: "speaking_end", reason: "cut" });
  },
);

test("defect 2: while an acknowledgement is spoken, orders are heard and other sentences are queued", async () => {
  await using stage = await openServiceStage(SILENT);
  const ack = stage.say(LONG, { kind: "ack" });
  await stage.statuses.until(({ event }) => event === "speaking_start");

  const next = stage.say("Next.");
  await stage.statuses.until(({ event, say_id }) => event === "queued" && say_id === next);
  stage.client.publish(ttsControl, { action: "pause" });
  await stage.statuses.until(({ event }) => event === "paused");
  stage.client.publish(ttsControl, { action: "stop" });

  expect(await stage.untilEnd(ack)).toMatchObject({ reason: "cut" });
  expect(await stage.untilEnd(next)).toMatchObject({ reason: "done" });
});

test("defect 3: a stop ends the whole turn: what is queued of it, and what comes later", async () => {
  await using stage = await openServiceStage(SILENT);
  const turn = { utt_id: id(), last: false };
  const first = stage.say(LONG, { ...turn, seq: 0 });
  const second = stage.say(LONG, { ...turn, seq: 1 });
  await stage.statuses.until(({ event, say_id }) => event === "queued" && say_id === second);

  stage.client.publish(ttsControl, { action: "stop" });
  await stage.untilEnd(first);
  const third = stage.say(LONG, { ...turn, seq: 2 });

  const ends = [await stage.untilEnd(first), await stage.untilEnd(second), await stage.untilEnd(third)];
  expect(ends.map(({ reason }) => reason)).toEqual(["cut", "dropped", "dropped"]);
});

test("defect 4: a stop while the sentence is synthesised keeps it from being heard", async () => {
  await using stage = await openServiceStage((folder) => ({
    ...{ TTS_ENGINE: "flite", TTS_SINK: "wav", TTS_FILE: join(folder, "spoken.wav") },
  }));
  const sayId = stage.say("This takes a second or two to be made. ".repeat(300));
  await stage.statuses.until(({ event }) => event === "queued");

  stage.client.publish(ttsControl, { action: "stop" });

  expect(await stage.untilEnd(sayId)).toMatchObject({ reason: "cut", spoken_ratio: 0 });
  await stage.untilEnd(stage.say("Next."));
  expect(stage.statuses.seen.filter(({ event, say_id }) => event === "speaking_start" && say_id === sayId)).toEqual([]);
});

test("defect 5: a pause that nobody ends is ended, and speech goes on with the next turn", async () => {
  await using stage = await openServiceStage(SILENT);
  const held = stage.say(LONG);
  await stage.statuses.until(({ event }) => event === "speaking_start");

  stage.client.publish(ttsControl, { action: "pause", ttl_ms: 100 });

  expect(await stage.untilEnd(held)).toMatchObject({ reason: "cut" });
  expect(await stage.untilEnd(stage.say("Next."))).toMatchObject({ reason: "done" });
});

test("defect 6: an engine that breaks ends its sentence with the cause, is told in the health, and the next one is spoken", async () => {
  await using stage = await openServiceStage((folder) => ({
    ...{ TTS_ENGINE: "flite", TTS_SINK: "device", TTS_COMMAND: `sh ${join(folder, "player")}` },
  }));
  const player = join(stage.folder, "player");
  await writeFile(player, 'head -c 2000 >/dev/null; echo "device vanished" >&2; exit 1\n');
  expect(await stage.untilEnd(stage.say("First."))).toMatchObject({
    ...{ event: "failed", reason: "error", detail: expect.stringContaining("device vanished") },
  });
  await stage.healths.until(({ degraded }) => degraded?.join().includes("device vanished") === true);

  await writeFile(player, "cat >/dev/null\n");

  expect(await stage.untilEnd(stage.say("Second."))).toMatchObject({ event: "speaking_end", reason: "done" });
});

test("defect 7: the start is told at the first audible sample, not when synthesis begins, and once for each sentence", async () => {
  await using stage = await openServiceStage(SILENT);
  const frames = recorder<unknown>();
  await stage.client.subscribe(audioSpeaker.at({ site: "attic" }), () => frames.push("frame")).active;
  const sayId = stage.say(LONG, { site_id: "attic" });
  await frames.next();
  // What the worker answers to this comes behind whatever it had to tell before.
  stage.client.publish(ttsControl, { action: "volume", volume: 0.5 });
  await stage.healths.until(({ detail }) => detail?.["volume"] === 0.5);
  const isStart = ({ event }: { readonly event: string }): boolean => event === "speaking_start";
  expect(stage.statuses.seen.filter(isStart)).toEqual([]);

  stage.client.publish(audioPlayout.at({ site: "attic" }), { say_id: sayId, played_ms: 20, state: "playing" });

  expect(await stage.statuses.until(isStart)).toMatchObject({ say_id: sayId });
  await stage.untilEnd(sayId);
  expect(stage.statuses.seen.filter(isStart).length).toBe(1);
});

test("defect 8: what is told of speech is delivered for certain", () => {
  expect(ttsStatus.delivery).toBe("event");
});

test("defect 9: a sentence that is delivered again is not spoken again, and too many are refused by name", async () => {
  await using stage = await openServiceStage({ ...SILENT, TTS_SILENT_CHARS_PER_SEC: "1" });
  const sentence = { utt_id: id(), say_id: id(), seq: 0, text: LONG };
  stage.client.publish(ttsSay, sentence);
  stage.client.publish(ttsSay, sentence);

  const many = Array.from({ length: 201 }, () => stage.say(LONG));

  expect(await stage.untilEnd(many.at(-1) ?? "")).toMatchObject({ event: "failed", reason: "dropped" });
  const queued = stage.statuses.seen.filter(({ event, say_id }) => event === "queued" && say_id === sentence.say_id);
  expect(queued.length).toBe(1);
});

test("defect 12: whoever has ended is not said to be well", async () => {
  await using stage = await openServiceStage(SILENT);
  await stage.healths.until(({ ok }) => ok);

  await stage.world.stop("tts");

  await stage.healths.until(({ ok }) => !ok);
});

test("defect 13: mute and volume change the sound that is being played", async () => {
  await using stage = await openServiceStage((folder) => ({
    ...{ TTS_ENGINE: "flite", TTS_SINK: "wav", TTS_FILE: join(folder, "spoken.wav") },
  }));
  const sayId = stage.say("This sentence is long enough for somebody to reach for the button and press it.");
  await stage.statuses.until(({ event }) => event === "speaking_start");

  stage.client.publish(ttsControl, { action: "mute" });

  expect(await stage.untilEnd(sayId)).toMatchObject({ reason: "done" });
  const { pcm } = parseWav(await readFile(join(stage.folder, "spoken.wav")));
  expect(pcm.subarray(0, 1_000).some((value) => value !== 0)).toBe(true);
  expect(pcm.subarray(-8_000).every((value) => value === 0)).toBe(true);
});

test("a loudspeaker that is missing is told with what helps, and no sentence is lost without a word", async () => {
  await using stage = await openServiceStage({ ...SILENT, TTS_SINK: "device", TTS_COMMAND: "/nowhere/player" });

  expect(await stage.untilEnd(stage.say("Hello."))).toMatchObject({
    ...{ event: "failed", detail: expect.stringContaining("/nowhere/player: not found") },
  });
});

test("an engine that stands still in the middle ends its sentence within its deadline, and the next one is spoken", async () => {
  await using stage = await openServiceStage((folder) => ({
    ...{ TTS_ENGINE: "silent", TTS_SINK: "device", TTS_COMMAND: `sh ${join(folder, "player")}` },
  }));
  const player = join(stage.folder, "player");
  await writeFile(
    player,
    `[ -e ${player}.again ] && { touch ${player}.hung; kill -STOP $$; }; touch ${player}.again; cat >/dev/null\n`,
  );
  await chmod(player, 0o755);

  const end = await stage.untilEnd(stage.say("First."));
  await writeFile(player, "cat >/dev/null\n");

  expect(end).toMatchObject({ event: "failed", reason: "error" });
  expect(await stage.untilEnd(stage.say("Second."))).toMatchObject({ reason: "done" });
});
