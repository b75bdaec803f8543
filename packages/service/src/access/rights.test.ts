import { systemHealth, ttsSay, ttsStatus, turnConfirm, turnState } from "@ts-tars/contracts";
import { expect, test } from "vitest";
import { rightsOf, unite } from "./rights.ts";

test("a service that declares nothing may speak for itself only", () => {
  expect(rightsOf("parrot", {})).toEqual({
    publishes: [
      "config/parrot/current",
      "config/parrot/schema",
      "config/parrot/set/reply",
      "dead/parrot/+",
      "system/health/parrot",
      "system/keepalive/tars-parrot",
    ],
    subscribes: ["config/parrot/set", "dead/parrot/+", "system/health/parrot"],
  });
});

test("parameters that are not bound mean any value, and those that are mean theirs", () => {
  const { publishes, subscribes } = rightsOf("parrot", {
    publishes: [turnState],
    subscribes: [systemHealth.at({ service: "router" })],
  });

  expect(publishes).toContain("turn/state/+");
  expect(subscribes).toContain("system/health/router");
});

test("who asks says the request and hears the reply, and who answers the other way round", () => {
  const { request, reply } = turnConfirm;
  const asks = rightsOf("parrot", { asks: [turnConfirm] });
  const answers = rightsOf("parrot", { answers: [turnConfirm] });

  expect([asks.publishes, answers.subscribes].map((filters) => filters.includes(request.filter))).toEqual([true, true]);
  expect([asks.subscribes, answers.publishes].map((filters) => filters.includes(reply.filter))).toEqual([true, true]);
  expect(asks.publishes).not.toContain(reply.filter);
});

test("replicas may each speak for themselves, up to the number that is said", () => {
  const once = rightsOf("parrot", { publishes: [ttsStatus] });
  const { publishes } = rightsOf("parrot", { publishes: [ttsStatus] }, { replicas: 2 });

  expect(publishes).toEqual(expect.arrayContaining([...once.publishes, "system/health/parrot.2", "dead/parrot.1/+"]));
  expect(publishes).not.toContain("system/health/parrot.3");
});

test("rights that are united are sorted, and each stands there once", () => {
  const parrot = rightsOf("parrot", { publishes: [ttsStatus], subscribes: [ttsSay] });

  expect(unite(parrot, parrot)).toEqual(parrot);
});

test.each(["", "a/b", "+", "#"])("a service cannot be called %j, for its name is a level of a topic", (name) => {
  expect(() => rightsOf(name, {})).toThrow(TypeError);
});
