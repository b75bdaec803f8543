import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  configSet,
  type LLMResponse,
  type LLMStreamDelta,
  llmRequest,
  llmResponse,
  llmStream,
  systemHealth,
  turnCancel,
  turnCancelled,
} from "@ts-tars/contracts";
import { openBroker, openWorld, plantedSecret, plantedWords, recorder } from "@ts-tars/harness";
import { connect } from "@ts-tars/mqtt";
import { startService } from "@ts-tars/service";
import { expect, onTestFinished, test } from "vitest";
import { llmWorkerService } from "./definition.ts";
import { openModelServer } from "./openai-server.fixture.ts";

const SECRET = plantedSecret("sunflower");

const id = (): string => randomBytes(16).toString("hex");

/** An llm-worker, and somebody who asks it. */
async function openStage(settings: Readonly<Record<string, string>> = {}) {
  const stack = new AsyncDisposableStack();
  const broker = stack.use(await openBroker());
  const env = { MQTT_URL: broker.url, XDG_CONFIG_HOME: "/nowhere", TARS_LOG_LEVEL: "silent", ...settings };
  stack.use(
    await openWorld({
      services: { llm: (lifetime) => startService(llmWorkerService, { lifetime, sources: { env } }) },
    }),
  );
  const client = stack.use(connect({ url: broker.url, source: "router", control: true }));
  const deltas = recorder<LLMStreamDelta>(({ seq, delta, stage, done }) => `${seq} ${delta ?? stage} ${done}`);
  const responses = recorder<LLMResponse>(({ reply, error }) => reply ?? error ?? "");
  await client.subscribe(llmStream, ({ data }) => deltas.push(data)).active;
  await client.subscribe(llmResponse, ({ data }) => responses.push(data)).active;
  return { client, deltas, responses, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

test("without a model the answer says so, as a stream and whole", async () => {
  await using stage = await openStage();
  const turn = id();

  stage.client.publish(llmRequest, { id: turn, text: "why is the sky blue" });
  const response = await stage.responses.next();
  await stage.deltas.until(({ done }) => done);

  expect(response).toMatchObject({ id: turn, provider: "offline", model: "rules" });
  expect(response.reply).toContain("without a language model");
  expect(stage.deltas.seen.map(({ delta }) => delta ?? "").join("")).toBe(response.reply);
  expect(stage.deltas.seen.map(({ seq }) => seq)).toEqual(stage.deltas.seen.map((_delta, index) => index + 1));
});

test("with a server the answer streams while the server still speaks, and holds the question once", async () => {
  await using server = await openModelServer();
  await using stage = await openStage({ OPENAI_BASE_URL: server.baseUrl, LLM_MODEL: "test-model" });
  const text = `what is ${id()}`;

  stage.client.publish(llmRequest, { id: id(), text, conversation_history: [{ role: "user", content: text }] });
  const call = await server.calls.next();
  call.say("A random");
  await stage.deltas.until(({ delta }) => delta === "A random");
  expect(stage.responses.seen).toEqual([]);
  call.say(" number.");
  call.finish();

  expect(await stage.responses.next()).toMatchObject({ reply: "A random number.", tokens: { total_tokens: 7 } });
  expect(JSON.stringify(call.body).split(text)).toHaveLength(2);
});

test("a cancel closes the connection to the server, answers, and is acknowledged", async () => {
  await using server = await openModelServer();
  await using stage = await openStage({ OPENAI_BASE_URL: server.baseUrl });
  const acknowledged = recorder<{ readonly utt_id: string; readonly active: boolean }>();
  await stage.client.subscribe(turnCancelled, ({ data }) => acknowledged.push(data)).active;
  const turn = id();

  stage.client.publish(llmRequest, { id: turn, text: plantedWords() });
  const call = await server.calls.next();
  call.say("Once upon");
  await stage.deltas.until(({ delta }) => delta === "Once upon");
  stage.client.publish(turnCancel, { utt_id: turn, reason: "superseded" });

  await call.hungUp;
  expect(await stage.responses.next()).toMatchObject({ reply: "Once upon", cancelled: true });
  expect(await acknowledged.next()).toMatchObject({ utt_id: turn, active: true });
});

test("a failing server ends in an error on the bus and in health with the remedy, and in health again when it answers", async () => {
  await using server = await openModelServer();
  await using stage = await openStage({
    OPENAI_BASE_URL: server.baseUrl,
    OPENAI_API_KEY: SECRET,
    LLM_RETRIES: "0",
  });
  const healths = recorder<{ readonly event?: string | undefined; readonly degraded?: string[] | undefined }>();
  await stage.client.subscribe(systemHealth.at({ service: "llm-worker" }), ({ data }) => healths.push(data)).active;

  stage.client.publish(llmRequest, { id: id(), text: "hello" });
  (await server.calls.next()).fail(401);
  expect(await stage.responses.next()).toMatchObject({ error: expect.stringContaining("OPENAI_API_KEY") });
  const degraded = await healths.until(({ event }) => event === "degraded");
  stage.client.publish(llmRequest, { id: id(), text: "hello again" });
  const call = await server.calls.next();
  call.say("Hello.");
  call.finish();

  expect(degraded.degraded?.join()).toContain("OPENAI_API_KEY");
  await healths.untilAll((seen) => seen.at(-1)?.event === "ready");
  expect(JSON.stringify(healths.seen)).not.toContain(SECRET);
});

test("when the router is lost its streams end", async () => {
  await using server = await openModelServer();
  await using stage = await openStage({ OPENAI_BASE_URL: server.baseUrl });
  const health = systemHealth.at({ service: "router" });
  const session = "0123456789abcdef";
  await stage.client.publishConfirmed(health, { ok: true, boot: id(), session });

  stage.client.publish(llmRequest, { id: id(), text: plantedWords() });
  const call = await server.calls.next();
  call.say("Once upon");
  await stage.deltas.until(({ delta }) => delta === "Once upon");
  await stage.client.publishConfirmed(health, { ok: true, boot: id(), session });

  await call.hungUp;
  expect(await stage.responses.next()).toMatchObject({ cancelled: true });
});

test("the persona of the settings counts from the next question on", async () => {
  const folder = await mkdtemp(join(tmpdir(), "llm-settings-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await using server = await openModelServer();
  await using stage = await openStage({ OPENAI_BASE_URL: server.baseUrl, XDG_CONFIG_HOME: folder });

  const values = { persona: "You are CASE.", model: "llama3" };
  expect(await stage.client.request(configSet.at({ service: "llm-worker" }), { values })).toMatchObject({
    ...{ result: "saved", applied: ["persona"], restart: ["model"] },
  });
  stage.client.publish(llmRequest, { id: id(), text: "who are you" });
  const call = await server.calls.next();
  call.say("CASE.");
  call.finish();

  expect(await stage.responses.next()).toMatchObject({ reply: "CASE." });
  expect(JSON.stringify(call.body)).toContain('"content":"You are CASE."');
});
