import {
  llmResponse,
  llmStream,
  type TurnState,
  turnCancel,
  turnCancelled,
  turnSay,
  turnState,
} from "@ts-tars/contracts";
import { plantedWords, recorder } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { newId, openStage, type Stage } from "./stage.fixture.ts";

const WORDS = plantedWords();

const BOTH = ["tts-worker", "llm-worker"] as const;
const llm = { provider: "openai", model: "test" } as const;

/** Lets the loudspeaker speak the next sentence. */
async function speakNext(stage: Stage): Promise<void> {
  const say = await stage.says.next();
  stage.sound(say, "speaking_start", { expected_ms: 500 });
  stage.sound(say, "speaking_end", { reason: "done", spoken_ratio: 1 });
}

test("a typed question is answered aloud, and for good when the last sentence has sounded, all under one id", async () => {
  await using stage = await openStage({
    workers: BOTH,
    env: { TARS_FAKE_NOW: "2031-05-06T21:07:00Z", TZ: "Asia/Tokyo" },
  });

  const uttId = stage.ask("What's the time?");
  const say = await stage.says.next();
  expect(say).toMatchObject({ utt_id: uttId, seq: 0, last: true, kind: "answer", text: "It is 6:07 AM." });
  expect(await stage.answers.next()).toMatchObject({ utt_id: uttId, final: false });
  stage.sound(say, "speaking_start", { expected_ms: 500, first_audible_ms: 1 });
  stage.sound(say, "speaking_end", { reason: "done", spoken_ratio: 1 });

  expect(await stage.answers.next()).toMatchObject({
    utt_id: uttId,
    final: true,
    path: "intent",
    text: "It is 6:07 AM.",
    correlationId: uttId,
  });
  expect(await stage.reports.next()).toMatchObject({
    utt_id: uttId,
    outcome: "answered",
    origin: "typed",
    path: "intent",
  });
  expect(await stage.records.next()).toMatchObject({
    user: "What's the time?",
    heard: "It is 6:07 AM.",
    interrupted: false,
  });
});

test("a question that wants no speech is answered in writing, and twice asked once answered", async () => {
  await using stage = await openStage({ workers: BOTH });

  const uttId = stage.ask("who are you", { speak: "no" });
  stage.ask("who are you", { speak: "no", utt_id: uttId });
  const fence = stage.ask("hello", { speak: "no" });
  await stage.final(fence);

  expect(stage.answers.seen.filter(({ utt_id }) => utt_id === uttId)).toMatchObject([
    { final: true, seq: 0, path: "intent" },
  ]);
  expect(stage.says.seen).toEqual([]);
});

test("without a loudspeaker the answer is written", async () => {
  await using stage = await openStage();

  const uttId = stage.ask("who are you");

  expect(await stage.final(uttId)).toMatchObject({ path: "intent", errorCode: undefined });
});

test("the first sentence of the model is spoken before the rest has come, and the next question knows the past", async () => {
  await using stage = await openStage({ workers: BOTH });
  const uttId = stage.ask(WORDS);
  expect(await stage.requests.next()).toMatchObject({ id: uttId, text: WORDS, conversation_history: [] });

  stage.client.publish(llmStream, { id: uttId, seq: 1, delta: "Once upon a time. There", ...llm });
  const first = await stage.says.next();
  expect(first).toMatchObject({ seq: 0, last: false, text: "Once upon a time." });
  stage.client.publish(llmStream, { id: uttId, seq: 2, delta: " was a robot.", ...llm });
  stage.client.publish(llmStream, { id: uttId, seq: 3, done: true, ...llm });
  stage.client.publish(llmResponse, {
    id: uttId,
    reply: "Once upon a time. There was a robot.",
    first_token_ms: 5,
    ...llm,
  });
  stage.sound(first, "speaking_end", { reason: "done", spoken_ratio: 1 });
  await speakNext(stage);
  expect(await stage.final(uttId)).toMatchObject({ path: "llm", text: "Once upon a time. There was a robot." });

  stage.ask("and then");
  const { conversation_history: history, text } = await stage.requests.next();
  expect(text).toBe("and then");
  expect(history).toEqual([
    { role: "user", content: WORDS },
    { role: "assistant", content: "Once upon a time. There was a robot." },
  ]);
});

test("deltas that were lost are repaired from the response", async () => {
  await using stage = await openStage({ workers: BOTH });
  const uttId = stage.ask("count", { speak: "no" });
  await stage.requests.next();

  stage.client.publish(llmStream, { id: uttId, seq: 1, delta: "One. Tw", ...llm });
  await stage.answers.until(({ text }) => text === "One.");
  stage.client.publish(llmStream, { id: uttId, seq: 3, delta: "Three.", ...llm });
  stage.client.publish(llmResponse, { id: uttId, reply: "One. Two. Three.", ...llm });
  await stage.final(uttId);

  const texts = stage.answers.seen.filter(({ utt_id, final }) => utt_id === uttId && !final).map(({ text }) => text);
  expect(texts).toEqual(["One.", "Two.", "Three."]);
});

test("an answer of the offline provider says that it is one", async () => {
  await using stage = await openStage({ workers: ["llm-worker"] });
  const uttId = stage.ask("why is the sky blue");
  await stage.requests.next();

  stage.client.publish(llmResponse, { id: uttId, reply: "I have no model.", provider: "offline" });

  expect(await stage.final(uttId)).toMatchObject({ path: "offline", text: "I have no model." });
});

test("the model's failure is one short sentence, and its cause is on the bus", async () => {
  await using stage = await openStage({ workers: ["llm-worker"] });
  const uttId = stage.ask("why is the sky blue");
  await stage.requests.next();

  const error = { code: "llm_unreachable", message: "The server refused the connection." };
  stage.client.publish(llmResponse, { id: uttId, error: error.message }, { error });

  expect(await stage.final(uttId)).toMatchObject({
    path: "error",
    text: "Sorry, my language model could not answer that.",
    errorCode: "llm_unreachable",
    reason: "The server refused the connection.",
  });
  expect(await stage.reports.next()).toMatchObject({
    outcome: "failed",
    reason: "llm_unreachable: The server refused the connection.",
  });
});

test("when the model's worker is known to be down, the answer names it at once", async () => {
  await using stage = await openStage();
  stage.sign("llm-worker", false);
  const known = stage.ask("hello", { speak: "no" });
  await stage.final(known);

  const uttId = stage.ask("why is the sky blue");

  expect(await stage.final(uttId)).toMatchObject({
    path: "error",
    errorCode: "llm_unavailable",
    reason: "llm-worker is not running.",
  });
  expect(stage.requests.seen).toEqual([]);
});

test("a new question cancels the running one, which ends as superseded", async () => {
  await using stage = await openStage({ workers: BOTH });
  const cancels = recorder<string | undefined>();
  const states = recorder<TurnState>(({ state, utt_id }) => `${state} ${utt_id}`);
  await stage.client.subscribe(turnCancel, ({ data }) => cancels.push(data.utt_id)).active;
  await stage.client.subscribe(turnState, ({ data }) => states.push(data)).active;
  const first = stage.ask(WORDS);
  await stage.requests.next();

  const second = stage.ask("no, another one");

  expect(await stage.final(first)).toMatchObject({ path: "cancelled", errorCode: "superseded" });
  expect(await states.until(({ asks }) => asks.includes(second))).toMatchObject({
    state: "thinking",
    utt_id: second,
    asks: [second],
  });
  expect(await cancels.next()).toBe(first);
  expect(await stage.requests.next()).toMatchObject({ id: second });
  stage.client.publish(turnCancelled, { utt_id: first, service: "llm-worker", active: true, took_ms: 3 });
  expect(await stage.reports.next()).toMatchObject({ utt_id: first, outcome: "cancelled", missing: [] });
});

test("workers that do not acknowledge a cancel are named in the report", async () => {
  await using stage = await openStage({ workers: BOTH });
  const uttId = stage.ask(WORDS);
  await stage.requests.next();

  stage.client.publish(turnCancel, { site_id: "*", reason: "stop everything" });

  expect(await stage.final(uttId)).toMatchObject({ path: "cancelled", reason: "stop everything" });
  expect(await stage.reports.next()).toMatchObject({ utt_id: uttId, outcome: "cancelled", missing: ["llm-worker"] });
});

test("words to say are spoken as an announcement, after the running turn", async () => {
  await using stage = await openStage({ workers: BOTH });
  stage.ask("who are you");
  const answer = await stage.says.next();
  const uttId = newId();

  stage.client.publish(turnSay, { utt_id: uttId, text: WORDS });
  stage.sound(answer, "speaking_start", { expected_ms: 500 });
  stage.sound(answer, "speaking_end", { reason: "done", spoken_ratio: 1 });

  expect(await stage.says.next()).toMatchObject({ utt_id: uttId, kind: "announce", system_announce: true, last: true });
});

test("turn/state tells each state, with this life's boot and the questions that are open", async () => {
  await using stage = await openStage({ workers: BOTH });
  const states = recorder<TurnState>(({ state, utt_id }) => `${state} ${utt_id}`);
  await stage.client.subscribe(turnState.at({ site: "default" }), ({ data }) => states.push(data)).active;

  const uttId = stage.ask("who are you");
  expect(await states.until(({ state }) => state === "thinking")).toMatchObject({ utt_id: uttId, asks: [uttId] });
  const say = await stage.says.next();
  stage.sound(say, "speaking_start", { expected_ms: 500 });
  expect(await states.until(({ state }) => state === "speaking")).toMatchObject({ utt_id: uttId });
  stage.sound(say, "speaking_end", { reason: "done", spoken_ratio: 1 });
  await states.untilAll((seen) => seen.at(-1)?.state === "asleep" && seen.at(-1)?.reason === "answered");

  expect(new Set(states.seen.map(({ boot }) => boot)).size).toBe(1);
});

test("a turn that a former life left behind is cancelled, answered with an apology, and reported", async () => {
  const [asked, running] = [newId(), newId()];
  const left: TurnState = {
    boot: "0".repeat(32),
    site_id: "default",
    state: "thinking",
    utt_id: running,
    asks: [asked],
    grant: "armed",
    live: false,
    privacy: false,
  };
  await using stage = await openStage({
    before: (client) => client.publishConfirmed(turnState.at({ site: "default" }), left),
  });

  expect(await stage.final(asked)).toMatchObject({
    path: "error",
    text: "I was restarted. Please ask again.",
    errorCode: "router_restart",
  });
  await stage.reports.until(({ utt_id, outcome }) => utt_id === running && outcome === "router_restart");
});

test("an orderly end leaves no question without its answer", async () => {
  await using stage = await openStage({ workers: BOTH });
  const uttId = stage.ask(WORDS);
  await stage.requests.next();

  await stage.world.stop("router");

  expect(await stage.final(uttId)).toMatchObject({ path: "cancelled", reason: "The router is stopping." });
});
