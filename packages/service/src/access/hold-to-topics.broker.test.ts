import { systemHealth, ttsControl, ttsSay, ttsStatus, turnConfirm, turnState } from "@ts-tars/contracts";
import { openBroker, recorder, type TestBroker } from "@ts-tars/harness";
import { type Client, connect, rawTopic } from "@ts-tars/mqtt";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { holdToTopics } from "./hold-to-topics.ts";
import type { ServiceTopics } from "./service-topics.ts";

let broker: TestBroker;
beforeAll(async () => {
  broker = await openBroker();
});
afterAll(() => broker[Symbol.asyncDispose]());

function held(topics: ServiceTopics): Client {
  const client = holdToTopics(connect({ url: broker.url, source: "parrot" }), "parrot", topics);
  onTestFinished(() => client.close());
  return client;
}

const ignore = (): void => undefined;

test("what is declared goes through the client as if nothing stood between", async () => {
  const client = held({
    publishes: [ttsSay, turnState],
    subscribes: [ttsSay],
    asks: [turnConfirm],
    answers: [turnConfirm],
  });
  const heard = recorder<string>();

  await client.subscribe(ttsSay, ({ data }) => heard.push(data.text)).active;
  await client.publishConfirmed(ttsSay, { text: "hello" });
  client.respond(turnConfirm, ({ data }) => ({ utt_id: data.utt_id, result: "asked" as const }));
  client.clear(turnState.at({ site: "kitchen" }));
  await client.flush();

  expect(await heard.next()).toBe("hello");
  expect([client.source, client.connected, client.state.kind]).toEqual(["parrot", true, "up"]);
});

const MISUSES: readonly (readonly [string, (client: Client) => unknown])[] = [
  ["publishes", (client) => client.publish(ttsStatus, { event: "paused" })],
  ["publishes", (client) => client.publishConfirmed(ttsStatus, { event: "paused" })],
  ["publishes", (client) => client.clear(turnState.at({ site: "kitchen" }))],
  ["publishes", (client) => client.publish(ttsSay, { text: "hello" })],
  ["subscribes", (client) => client.subscribe(ttsControl, ignore)],
  ["subscribes", (client) => client.subscribeState(systemHealth, ignore)],
  ["subscribes", (client) => client.subscribe(rawTopic("system/health/#"), ignore)],
  ["subscribes", (client) => client.subscribe(rawTopic("#"), ignore)],
  [
    "answers",
    (client) => client.respond(turnConfirm, ({ data }) => ({ utt_id: data.utt_id, result: "refused" as const })),
  ],
];

test.each(MISUSES)(
  "a topic that is not declared is not used, and the error says which and where: %s, %s",
  (member, use) => {
    const client = held({
      publishes: [ttsControl],
      subscribes: [ttsSay, systemHealth.at({ service: "router" })],
      asks: [turnConfirm],
    });

    expect(() => use(client)).toThrow(new RegExp(`^parrot does not declare the topic \\S+, .* "${member}"`, "u"));
  },
);

test("what each service has it need not declare", async () => {
  const client = held({});

  await client.subscribe(systemHealth.at({ service: "parrot" }), ignore).active;

  expect(() => client.publish(systemHealth.at({ service: "parrot" }), { ok: true })).not.toThrow();
  expect(() => client.publish(systemHealth.at({ service: "router" }), { ok: true })).toThrow(TypeError);
});
