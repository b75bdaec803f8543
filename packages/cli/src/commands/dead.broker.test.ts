import { ttsControl } from "@ts-tars/contracts";
import { openBroker, rawClient, type TestBroker } from "@ts-tars/harness";
import { connect } from "@ts-tars/mqtt";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { clearDead, listDead, replayDead, showDead } from "./dead.ts";
import { openTerminal } from "./terminal.fixture.ts";

const ID = "0123456789abcdef0123456789abcdef";
const TURN = "fedcba9876543210fedcba9876543210";

let broker: TestBroker;

beforeAll(async () => {
  broker = await openBroker();
});
afterAll(() => broker[Symbol.asyncDispose]());
afterEach(() => clearDead(terminal().context, undefined, {}));

const terminal = () => openTerminal({ MQTT_URL: broker.url });

/** A real dead letter, of the service `worker`: of a handler that always fails. Returns its id. */
async function leaveDeadLetter(message: object): Promise<string> {
  await using worker = connect({ url: broker.url, clientId: "worker", deadLetters: { service: "worker" } });
  const fails = () => {
    throw new Error("no engine");
  };
  await worker.subscribe(ttsControl, fails, { retry: { attempts: 1 } }).active;
  await using raw = await rawClient({ url: broker.url });
  await raw.subscribe("dead/worker/+");
  await raw.publish("tts/control", message);
  const { topic } = await raw.received.next();
  return topic.split("/")[2] ?? "";
}

const enveloped = (data: object) => ({
  ...{ id: ID, type: "tts.control", ts: Date.now() / 1_000, source: "page", correlation_id: TURN },
  data,
});

test("dead lists what a service could not handle, with the reason", async () => {
  const id = await leaveDeadLetter(enveloped({ action: "mute" }));
  const { context, lines } = terminal();

  expect(await listDead(context, {})).toBe(0);

  expect(lines.seen).toEqual([
    expect.stringMatching(/^id +service +when +topic +reason/u),
    expect.stringMatching(new RegExp(`^${id} +worker .* tts/control +\\S+ .*no engine`, "u")),
  ]);
});

test("dead show shows the message itself, found by the beginning of its id", async () => {
  const id = await leaveDeadLetter(enveloped({ action: "mute" }));
  const { context, json } = terminal();

  expect(await showDead(context, id.slice(0, 12), { json: true })).toBe(0);

  expect(json()).toMatchObject({ id, topic: "tts/control", payload: expect.stringContaining('"action":"mute"') });
});

test("dead replay publishes the same data in the same turn, as a message of its own that says what it repeats", async () => {
  const id = await leaveDeadLetter(enveloped({ action: "mute" }));
  await using raw = await rawClient({ url: broker.url });
  await raw.subscribe("tts/control");

  expect(await replayDead(terminal().context, id, {})).toBe(0);

  const { text } = await raw.received.next();
  expect(JSON.parse(text)).toMatchObject({
    id: expect.not.stringMatching(ID),
    replay_of: ID,
    correlation_id: TURN,
    data: { action: "mute" },
  });
});

test("a letter that was replayed is gone", async () => {
  const id = await leaveDeadLetter(enveloped({ action: "mute" }));
  await replayDead(terminal().context, id, {});

  await expect(showDead(terminal().context, id, {})).rejects.toThrow(UsageError);
});

test("dead clear removes all letters", async () => {
  await leaveDeadLetter(enveloped({ action: "mute" }));
  const cleared = terminal();
  const list = terminal();

  expect(await clearDead(cleared.context, undefined, {})).toBe(0);
  await listDead(list.context, {});

  expect([...cleared.lines.seen, ...list.lines.seen]).toEqual(["1 dead letter removed.", "No dead letters."]);
});
