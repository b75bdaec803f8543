import { mayPublish, maySubscribe } from "@ts-tars/broker";
import { llmRequest, sttFinal, ttsSay, ttsStatus } from "@ts-tars/contracts";
import { expect, test } from "vitest";
import { brokerUsers } from "./broker-users.ts";

const parrot = { name: "parrot", topics: { publishes: [ttsStatus], subscribes: [ttsSay] } };
const owl = { name: "owl", topics: { publishes: [sttFinal], subscribes: [llmRequest] } };
const rightsIn = (users: ReturnType<typeof brokerUsers>, wanted: string) => {
  const rights = users.find(({ username }) => username === wanted)?.rights;
  if (rights === undefined) throw new Error(`There is no user ${wanted}, or he may do everything.`);
  return rights;
};

test("each service that is started has a user of its own, and may do what it declares", () => {
  const users = brokerUsers({ started: [parrot, owl], byHand: [] });

  expect(users.map(({ username }) => username)).toEqual(["operator", "parrot", "owl"]);
  const rights = rightsIn(users, "parrot");
  expect(mayPublish(rights, "tts/status")).toBe(true);
  expect(mayPublish(rights, "tts/say")).toBe(false);
  expect(maySubscribe(rights, "tts/say")).toBe(true);
  expect(maySubscribe(rights, "#")).toBe(false);
});

test("a service's user has the rights of its replicas, and of nobody else's", () => {
  const rights = rightsIn(brokerUsers({ started: [parrot, owl], byHand: [] }), "parrot");

  expect(mayPublish(rights, "system/health/parrot.2")).toBe(true);
  expect(maySubscribe(rights, "config/parrot.2/set")).toBe(true);
  expect(mayPublish(rights, "system/health/owl.2")).toBe(false);
});

test("the operator has the rights of a service that is left to him, and no others of services", () => {
  const operator = rightsIn(brokerUsers({ started: [parrot], byHand: [owl] }), "operator");

  // What people said is never replayed, so nobody but its service says it.
  expect(mayPublish(operator, sttFinal.filter)).toBe(true);
  expect(mayPublish(operator, "system/health/owl")).toBe(true);
  expect(mayPublish(operator, "system/health/parrot")).toBe(false);
});

test.each([
  "turn/ask",
  "turn/say",
  "turn/listen",
  "turn/cancel",
  "stt/privacy",
  "tts/control",
  "audio/kitchen/mic",
  "audio/kitchen/playout",
  "dead/router/1",
  "system/keepalive/tars-cli-1",
  "config/router/set",
])("the operator may publish on %s, as a person does", (topic) => {
  expect(mayPublish(rightsIn(brokerUsers({ started: [], byHand: [] }), "operator"), topic)).toBe(true);
});

test.each([
  "stt/final",
  "turn/state/default",
  "system/health/router",
  "audio/kitchen/speaker",
  "config/router/current",
])("the operator may not publish on %s, which is a service's to say", (topic) => {
  expect(mayPublish(rightsIn(brokerUsers({ started: [], byHand: [] }), "operator"), topic)).toBe(false);
});

test("the operator hears everything", () => {
  expect(maySubscribe(rightsIn(brokerUsers({ started: [], byHand: [] }), "operator"), "#")).toBe(true);
});
