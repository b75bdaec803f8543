import { readFile } from "node:fs/promises";
import { intentsCurrent, type TurnCancelled, turnCancel, turnCancelled } from "@ts-tars/contracts";
import { recorder } from "@ts-tars/harness";
import { afterAll, beforeAll, expect, test } from "vitest";
import { joined, quiet, speak } from "./speech.fixture.ts";
import { COMMANDS, openStage, PATIENT, type Stage } from "./stage.fixture.ts";

let stage: Stage;
let timeQuestion: Int16Array = new Int16Array();
let longQuestion: Int16Array = new Int16Array();

beforeAll(async () => {
  stage = await openStage();
  [timeQuestion, longQuestion] = await Promise.all([
    speak("what time is it", "awb"),
    speak("could you explain how a rocket engine works", "rms"),
  ]);
});
afterAll(() => stage[Symbol.asyncDispose]());

test("a spoken question becomes partials and one final text, with where its time went", async () => {
  const room = stage.room();
  await room.open();
  await room.play(joined(quiet(300), longQuestion, quiet(1_500)));
  const outcome = await room.outcome();

  expect(outcome).toMatchObject({
    type: "final",
    data: { utt_id: room.uttId, site_id: room.siteId, reason: "silence" },
  });
  expect(outcome.data).toMatchObject({
    text: expect.stringMatching(/how .* engine works$/),
    lang: "en",
    is_final: true,
  });
  expect(outcome.data).toMatchObject({
    endpoint_ms: 700,
    transcribe_ms: expect.any(Number),
    level_db: expect.any(Number),
  });
  const partials = room.said.seen.filter(({ type }) => type === "partial");
  expect(partials.length).toBeGreaterThan(2);
  expect(partials.every(({ data }) => data.utt_id === room.uttId)).toBe(true);
});

test("words have times within the utterance", async () => {
  const room = stage.room();
  await room.open();
  await room.play(joined(quiet(300), timeQuestion, quiet(1_000)), 4);
  const { data } = await room.outcome();

  expect(data).toMatchObject({ text: "what time is it" });
  const words = "words" in data ? (data.words ?? []) : [];
  expect(words.map(({ word }) => word)).toEqual(["what", "time", "is", "it"]);
  expect(words.every(({ start_ms, end_ms }, at) => start_ms < end_ms && start_ms >= (words[at - 1]?.end_ms ?? 0))).toBe(
    true,
  );
});

test("a file that ends without silence is read at once, by the flag of its last frame", async () => {
  const room = stage.room();
  await room.open();
  await room.play(
    timeQuestion.slice(
      0,
      timeQuestion.findLastIndex((sample) => Math.abs(sample) > 500),
    ),
    4,
  );

  expect(await room.outcome()).toMatchObject({
    type: "final",
    data: { reason: "source_ended", text: "what time is it" },
  });
});

test("a command is read through the grammar of the intents, whose version is told, and ends after 400 ms", async () => {
  const room = stage.room();
  stage.client.publish(intentsCurrent, COMMANDS);
  await stage.healths.until(({ detail }) => detail?.["intents_version"] === COMMANDS.version, PATIENT);
  // A decoder that is still starting reads so late that silence ends the utterance: this one leaves a warm one behind.
  const before = stage.room();
  await before.open();
  await before.play(timeQuestion, 4);
  await before.outcome();
  await room.open();
  // Slower than it was spoken: a busy machine's partials are in time all the same.
  await room.play(joined(quiet(100), timeQuestion, quiet(900)), 0.3);

  expect(await room.outcome()).toMatchObject({
    type: "final",
    data: { text: "what time is it", reason: "complete", endpoint_ms: 400, intents_version: COMMANDS.version },
  });
});

test("a grammar that is none is told in the health, and the one before stays", async () => {
  stage.client.publish(intentsCurrent, { ...COMMANDS, version: "commands-2", jsgf: "public = ((" });
  const { degraded } = await stage.healths.until(
    ({ degraded = [] }) => degraded.some((line) => line.includes("newest commands are not understood")),
    PATIENT,
  );
  expect(degraded?.join()).toContain("Mend the intents file.");

  stage.client.publish(intentsCurrent, { ...COMMANDS, version: "commands-3" });
  await stage.healths.until(
    ({ event, detail }) => event === "ready" && detail?.["intents_version"] === "commands-3",
    PATIENT,
  );
});

test("a released button ends the utterance at its sample", async () => {
  const room = stage.room();
  await room.open();
  const sound = joined(quiet(200), timeQuestion, quiet(200));
  await room.play(sound.slice(0, sound.length));
  room.grant({ grant: "armed", finish: true, to_sample: sound.length });
  const outcome = await room.outcome();

  // The file's own end may be seen first; either way it is read once.
  expect(outcome).toMatchObject({ type: "final", data: { utt_id: room.uttId, text: "what time is it" } });
});

test("silence under a grant ends it without a word, and says so in the state", async () => {
  const room = stage.room();
  await room.open({ ttl_ms: 400 });
  await room.play(quiet(1_000));

  const { deadline_ms } = await stage.states.until(({ site_id, grant }) => site_id === room.siteId && grant === "open");
  expect(deadline_ms).toBeLessThanOrEqual(400);
  await stage.states.until(
    (state) => state.site_id === room.siteId && state.grant === "armed" && stage.states.seen.indexOf(state) > 0,
  );
  expect(room.said.seen).toEqual([]);
});

test("a cancel drops what is being said, and is acknowledged by name, also by turns that nobody listens to", async () => {
  const room = stage.room();
  const acks = recorder<TurnCancelled>();
  await stage.client.subscribe(turnCancelled, ({ data }) => acks.push(data)).active;
  await room.open();
  const playing = room.play(joined(quiet(300), longQuestion, quiet(1_000)));
  await room.said.until(({ type }) => type === "partial", PATIENT);

  stage.client.publish(turnCancel, { utt_id: room.uttId, reason: "test" });
  expect(await acks.next()).toMatchObject({ utt_id: room.uttId, service: "stt-worker", active: true });
  expect(await room.outcome()).toMatchObject({ type: "refused", data: { reason: "cancelled", utt_id: room.uttId } });
  stage.client.publish(turnCancel, { utt_id: "f".repeat(32), reason: "test" });
  expect(await acks.next()).toMatchObject({ active: false });
  await playing;
  expect(room.said.seen.filter(({ type }) => type !== "partial").length).toBe(1);
});

test("the states of an utterance are told one after the other", async () => {
  const room = stage.room();
  await room.open();
  await room.play(joined(quiet(300), timeQuestion, quiet(1_200)), 2);
  await room.outcome();
  room.grant({ grant: "armed" });
  const own = await stage.states.untilAll(
    (seen) => seen.findLast(({ site_id }) => site_id === room.siteId)?.grant === "armed" && seen.length > 0,
  );

  const activities = own
    .filter(({ site_id, grant }) => site_id === room.siteId && grant === "open")
    .map(({ activity }) => activity);
  expect(activities.filter((each, at) => each !== activities[at - 1])).toEqual([
    "idle",
    "speech",
    "transcribing",
    "idle",
  ]);
  const last = own.findLast(({ site_id }) => site_id === room.siteId);
  expect(last).toMatchObject({ hearing: { source: "mqtt" }, engine: "pocketsphinx", privacy: false, duplex: "half" });
});

test("the recogniser's library is never loaded into the service's own process", async (context) => {
  context.skip(process.platform !== "linux", "what a process has loaded is shown by /proc");
  const room = stage.room();
  await room.open();
  await room.play(joined(quiet(300), timeQuestion), 4);
  await room.outcome();

  expect(await readFile("/proc/self/maps", "utf8")).not.toMatch(/pocketsphinx|sphinxbase|koffi/);
});
