import { systemHealth, type TurnReport, ttsStatus, turnAnswer, turnAsk, turnReport, turnSay } from "@ts-tars/contracts";
import { openBroker, rawClient, recorder, type TestBroker } from "@ts-tars/harness";
import { type Client, connect } from "@ts-tars/mqtt";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { NoAnswerError, NothingRunsError, ServiceMissingError, TurnFailedError, UsageError } from "../errors.ts";
import { ask } from "./ask.ts";
import { health } from "./health.ts";
import { say } from "./say.ts";
import { tail } from "./tail.ts";
import { openTerminal } from "./terminal.fixture.ts";

const HEX = "0123456789abcdef0123456789abcdef";
const ROUTER_HEALTH = systemHealth.at({ service: "router" });

let broker: TestBroker;
let router: Client;

beforeAll(async () => {
  broker = await openBroker();
});
afterAll(() => broker[Symbol.asyncDispose]());
beforeEach(async () => {
  router = connect({ url: broker.url, source: "router" });
  await router.ready();
});
afterEach(async () => {
  router.clear(ROUTER_HEALTH);
  await router.flush();
  await router.close();
});

const terminal = (url = broker.url) => openTerminal({ MQTT_URL: url });
const isHealthy = () => router.publishConfirmed(ROUTER_HEALTH, { ok: true, event: "ready", session: "0".repeat(16) });
const question = { speak: "no", site: "default", timeoutSec: 20 } as const;

/** A router that answers each question with these sentences. */
async function answering(...sentences: readonly string[]) {
  const subscription = router.subscribe(turnAsk, ({ data: { utt_id } }) => {
    for (const [seq, text] of sentences.entries())
      router.publish(turnAnswer, { utt_id, seq, text, path: "llm", final: false });
    router.publish(turnAnswer, { utt_id, seq: sentences.length, text: sentences.join(" "), path: "llm", final: true });
  });
  await subscription.active;
  await isHealthy();
}

test("ask prints the sentences as they come and ends with the final answer", async () => {
  await answering("It is noon.", "Time for lunch.");
  const { context, lines } = terminal();

  expect(await ask(context, "what time is it", question)).toBe(0);
  expect(lines.seen).toEqual(["It is noon.", "Time for lunch."]);
});

test("ask prints one object with --json", async () => {
  await answering("It is noon.");
  const { context, json } = terminal();

  expect(await ask(context, "what time is it", { ...question, json: true })).toBe(0);
  expect(json()).toMatchObject({ ok: true, text: "It is noon.", path: "llm", sentences: ["It is noon."] });
});

test("ask names the router when it never was at this broker", async () => {
  const { context } = terminal();

  await expect(ask(context, "hello", question)).rejects.toThrow(ServiceMissingError);
  await expect(ask(context, "hello", question)).rejects.toThrow(/^router is not running: /u);
});

test("ask names a router that is lost, and leaves no question behind for it", async () => {
  const asked = recorder<string>();
  const subscription = router.subscribe(turnAsk, ({ data }) => asked.push(data.text));
  await subscription.active;
  await router.publishConfirmed(ROUTER_HEALTH, { ok: false, event: "lost", session: "0".repeat(16) });

  await expect(ask(terminal().context, "hello", question)).rejects.toThrow(/^router is not running: .*crashed/u);

  await router.publishConfirmed(turnAsk, { utt_id: HEX, text: "fence" });
  expect(await asked.next()).toBe("fence");
});

test("ask names a router that goes away while it answers", async () => {
  await isHealthy();
  const subscription = router.subscribe(turnAsk, () => {
    router.publish(ROUTER_HEALTH, { ok: false, event: "lost", session: "0".repeat(16) });
  });
  await subscription.active;

  await expect(ask(terminal().context, "hello", question)).rejects.toThrow(ServiceMissingError);
});

test("ask ends in time when a router that seems to run does not answer", async () => {
  await isHealthy();

  await expect(ask(terminal().context, "hello", { ...question, timeoutSec: 0.2 })).rejects.toThrow(NoAnswerError);
});

test("ask prints once what the robot said when it could not answer, and fails with the reason", async () => {
  const subscription = router.subscribe(turnAsk, ({ data: { utt_id } }) => {
    const error = { code: "LLM_TIMEOUT", message: "The model did not answer." };
    router.publish(turnAnswer, { utt_id, seq: 0, text: "I could not.", path: "error", final: false });
    router.publish(turnAnswer, { utt_id, seq: 1, text: "I could not.", path: "error", final: true }, { error });
  });
  await subscription.active;
  await isHealthy();

  const { context, lines } = terminal();
  await expect(ask(context, "hello", question)).rejects.toThrow(TurnFailedError);

  expect(lines.seen).toEqual(["I could not."]);
});

/** A robot that speaks what it is told in sentences, and reports the end of the turn. */
async function speaking(sentences: readonly string[], end: Pick<TurnReport, "outcome" | "reason">) {
  const subscription = router.subscribe(turnSay, async ({ data: { utt_id } }) => {
    for (const text of sentences) {
      await router.publishConfirmed(ttsStatus, { event: "speaking_start", text, utt_id });
      await router.publishConfirmed(ttsStatus, { event: "speaking_end", text, utt_id, reason: "done" });
    }
    router.publish(turnReport, { utt_id, origin: "say", ...end, total_ms: 1, stages: [] });
  });
  await subscription.active;
  await isHealthy();
}

const announcement = { site: "default", timeoutSec: 20 } as const;

test("say prints each sentence as it begins to sound, and ends with the last one", async () => {
  await speaking(["Dinner is ready.", "Come down."], { outcome: "answered" });
  const { context, lines, errors } = terminal();

  expect(await say(context, "Dinner is ready. Come down.", announcement)).toBe(0);

  expect([lines.seen, errors.seen]).toEqual([["Dinner is ready.", "Come down."], []]);
});

test("say tells when the loudspeaker makes no sound", async () => {
  await speaking(["Dinner is ready."], { outcome: "answered" });
  const ttsHealth = systemHealth.at({ service: "tts-worker" });
  await router.publishConfirmed(ttsHealth, { ok: true, event: "ready", detail: { audible: false } });
  const { context, errors } = terminal();

  expect(await say(context, "Dinner is ready.", announcement)).toBe(0);

  expect(errors.seen).toEqual([expect.stringContaining("without sound")]);
  router.clear(ttsHealth);
});

test("say fails with the reason when the robot could not speak", async () => {
  await speaking([], { outcome: "failed", reason: "tts_unavailable: tts-worker is not running." });

  await expect(say(terminal().context, "Dinner is ready.", announcement)).rejects.toThrow(/tts-worker is not running/u);
});

test("say names the router when it never was at this broker", async () => {
  await expect(say(terminal().context, "Dinner is ready.", announcement)).rejects.toThrow(ServiceMissingError);
});

test("tail shows messages decoded, marks what breaks its contract, and ends after the count", async () => {
  await using raw = await rawClient({ url: broker.url });
  await raw.publish("tts/control", { action: "mute" }, { qos: 1, retain: true });
  const { context, lines } = terminal();
  const shown = tail(context, "tts/#", { count: 2, timeoutSec: 20 });

  // What is retained is shown first: from then on the command listens.
  await lines.untilAll((seen) => seen.length === 1);
  await raw.publish("tts/control", { action: "explode" }, { qos: 1 });
  await raw.publish("tts/control", "", { qos: 1, retain: true });

  expect(await shown).toBe(0);
  expect(lines.seen).toEqual([
    expect.stringMatching(/tts\/control .*retained.*\{"action":"mute","site_id":"default"\}$/u),
    expect.stringMatching(/tts\/control {2}✗ contract: action /u),
  ]);
});

test("tail refuses what is no filter", async () => {
  await expect(tail(terminal().context, "a/#/b", {})).rejects.toThrow(UsageError);
});

test("health lists who spoke at this broker, with pid and whether it was heard live", async () => {
  await router.publishConfirmed(ROUTER_HEALTH, { ok: true, event: "ready", pid: 7, session: "0".repeat(16) });
  const { context, json } = terminal();

  expect(await health(context, { json: true, waitSec: 0 })).toBe(0);
  expect(json()).toMatchObject([{ service: "router", ok: true, pid: 7, session_state: "unverified" }]);
});

test("health fails when a service is not well", async () => {
  await router.publishConfirmed(ROUTER_HEALTH, { ok: false, event: "lost", session: "0".repeat(16) });

  expect(await health(terminal().context, { waitSec: 0 })).toBe(1);
});

test("without a broker a command says how to start one", async () => {
  const { context } = terminal("");

  await expect(health(context, { waitSec: 0 })).rejects.toThrow(/Nothing runs here.*"tars up"/u);
});

test("a broker that does not answer is named", async () => {
  await using gone = await openBroker();
  await gone.stop();

  const answer = ask(terminal(gone.url).context, "hello", question);

  await expect(answer).rejects.toThrow(NothingRunsError);
  await expect(answer).rejects.toThrow(gone.url);
});
