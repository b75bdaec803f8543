import { describe, expect, it } from "vitest";
import { z } from "zod";
import { binaryFrame } from "./binary-frame.ts";
import { DEFAULT_REQUEST_TIMEOUT_MS, defineRequest } from "./define-request.ts";
import { defineTopic } from "./define-topic.ts";
import { rawTopic } from "./raw-topic.ts";
import { anySchema, asyncSchema, Lamp } from "./schemas.fixture.ts";
import type { TopicDefinition } from "./topic-definition.ts";

const base = { name: "lamp", type: "lamp", delivery: "event", payload: Lamp } as const;

/** A definition as JavaScript could hand it over. */
function define(changes: Readonly<Record<string, unknown>>): unknown {
  return defineTopic({ ...base, ...changes } as TopicDefinition<string, typeof Lamp>); // wrong on purpose
}

describe("a defined topic", () => {
  it("has the documented defaults", () => {
    const topic = defineTopic(base);

    expect(topic).toMatchObject({
      name: "lamp",
      filter: "lamp",
      bound: {},
      ttlMs: "none",
      priority: "normal",
      durable: false,
      private: false,
      wire: "envelope",
      acceptsBare: false,
      keepNull: [],
      reference: undefined,
    });
  });

  it("is a frozen plain object, its members too", () => {
    const topic = defineTopic({ ...base, name: "lamp/{id}", keepNull: ["params"] }).at({ id: "3" });

    expect(Object.getPrototypeOf(topic)).toBe(Object.prototype);
    expect([topic, topic.bound, topic.keepNull].every((value) => Object.isFrozen(value))).toBe(true);
  });

  it("keeps what the reference has of it to itself, frozen", () => {
    const lacks = ["label"];
    const topic = defineTopic({ ...base, reference: { lacks } });
    lacks.push("on");

    expect(topic.reference).toEqual({ lacks: ["label"] });
    expect(Object.isFrozen(topic.reference) && Object.isFrozen(topic.reference?.lacks)).toBe(true);
  });

  it("takes its concrete topic as key unless the contract has one", () => {
    const message = { data: Lamp.parse({ on: true, label: "desk" }), params: {}, topic: "lamp", id: "1" };

    expect(defineTopic(base).key(message)).toBe("lamp");
    expect(defineTopic({ ...base, key: (data) => data.label ?? "" }).key(message)).toBe("desk");
  });

  it("hands the parameters to its key", () => {
    const topic = defineTopic({ ...base, name: "lamp/{id}", key: (_data, params) => params.id });

    expect(topic.key({ data: Lamp.parse({ on: true }), params: { id: "3" }, topic: "lamp/3", id: "1" })).toBe("3");
  });
});

describe("a topic with parameters", () => {
  const topic = defineTopic({ ...base, name: "rooms/{room}/lamps/{lamp_id}" });

  it("has a filter with + for each of them", () => {
    expect(topic.filter).toBe("rooms/+/lamps/+");
  });

  it("becomes concrete when they are bound, and keeps its name", () => {
    const concrete = topic.at({ room: "kitchen", lamp_id: "3" });

    expect(concrete).toMatchObject({
      name: "rooms/{room}/lamps/{lamp_id}",
      filter: "rooms/kitchen/lamps/3",
      bound: { room: "kitchen", lamp_id: "3" },
    });
    expect(concrete.at({})).toBe(concrete);
  });

  it.each([
    ["a missing one", { room: "kitchen" }, /needs a value for \{lamp_id\}/],
    ["an empty one", { room: "", lamp_id: "3" }, /cannot have "" for \{room\}/],
    ["a slash", { room: "a/b", lamp_id: "3" }, /cannot have "a\/b"/],
    ["a wildcard", { room: "+", lamp_id: "3" }, /cannot have "\+"/],
    ["another wildcard", { room: "a#", lamp_id: "3" }, /cannot have "a#"/],
    ["a null character", { room: "a\0", lamp_id: "3" }, /cannot have/],
    ["a number", { room: 3, lamp_id: "3" }, /cannot have 3/],
    ["one it does not have", { room: "a", lamp_id: "3", floor: "1" }, /has no parameter \{floor\}/],
    ["more than MQTT can carry", { room: "a".repeat(65_000), lamp_id: "3".repeat(600) }, /too long/],
  ])("refuses %s", (_what, params, message) => {
    expect(() => topic.at(params as { room: string; lamp_id: string })).toThrow(message); // wrong on purpose
    expect(() => topic.at(params as { room: string; lamp_id: string })).toThrow(TypeError); // wrong on purpose
  });

  it("does not mistake members of every object for values", () => {
    const odd = defineTopic({ ...base, name: "a/{constructor}" });

    expect(odd.filter).toBe("a/+");
    expect(() => odd.at({} as { constructor: string })).toThrow(/needs a value for \{constructor\}/); // wrong on purpose
  });
});

describe("a definition is refused with its topic and reason", () => {
  it.each([
    ["an empty name", { name: "" }, /needs a name/],
    ["no name", { name: undefined }, /needs a name/],
    ["a + in the name", { name: "a/+" }, /holds a wildcard/],
    ["a # in the name", { name: "a/#" }, /holds a wildcard/],
    ["a null in the name", { name: "a\0" }, /is not a valid MQTT topic/],
    ["an empty level", { name: "a//b" }, /empty level/],
    ["a leading slash", { name: "/a" }, /empty level/],
    ["a name of the broker", { name: "$SYS/a" }, /belongs to the broker/],
    ["half a parameter", { name: "a/{b" }, /has the level \{b/],
    ["a parameter that is not a whole level", { name: "a/x{b}" }, /whole level/],
    ["a parameter in capitals", { name: "a/{B}" }, /lower case/],
    ["a parameter twice", { name: "a/{b}/{b}" }, /\{b\} twice/],
    ["no type", { type: "" }, /needs a type/],
    ["an unknown delivery", { delivery: "rumour" }, /needs a delivery/],
    ["an unknown priority", { priority: "urgent" }, /unknown priority/],
    ["an unknown wire format", { wire: "xml" }, /unknown wire format/],
    ["a ttl of 0", { ttlMs: 0 }, /ttlMs/],
    ["a ttl of half a millisecond", { ttlMs: 0.5 }, /ttlMs/],
    ["a ttl in words", { ttlMs: "soon" }, /ttlMs/],
    ["a command without ttl", { delivery: "command" }, /is a command and needs ttlMs/],
    ["a durable event", { durable: true }, /is durable, which only a command can be/],
    ["a durable high command", { delivery: "command", ttlMs: 1, durable: true, priority: "high" }, /never stored/],
    ["a high stream", { delivery: "stream", priority: "high" }, /stream of high priority/],
    ["a high state", { delivery: "state", priority: "high" }, /state of high priority/],
    ["a binary event", { wire: "binary", payload: binaryFrame }, /is binary, which only a stream can be/],
    ["acceptsBare beside bare", { wire: "bare", acceptsBare: true }, /says nothing beside wire "bare"/],
    ["a key that is no function", { key: "label" }, /key that is not a function/],
    ["an empty path in keepNull", { keepNull: [""] }, /empty path in keepNull/],
    ["an empty path of what the reference lacks", { reference: { lacks: [""] } }, /empty path in reference\.lacks/],
    ["no schema", { payload: { parse: () => 1 } }, /Standard Schema/],
    ["a schema that answers later", { payload: asyncSchema }, /asynchronously/],
    [
      "a bare topic that {} satisfies",
      { wire: "bare", payload: z.object({ a: z.string().optional() }) },
      /accepts \{\}/,
    ],
    ["acceptsBare where {} satisfies", { acceptsBare: true, payload: anySchema }, /accepts \{\}/],
    ["wire any without a default", { wire: "any" }, /does not accept \{\}/],
  ])("%s", (_what, changes, message) => {
    expect(() => define(changes)).toThrow(message);
    expect(() => define(changes)).toThrow(TypeError);
  });

  it("with all of its faults at once", () => {
    expect(() => define({ type: "", ttlMs: -1, wire: "binary" })).toThrow(/lamp .*type.*ttlMs.*binary/);
  });
});

describe("a definition is accepted", () => {
  it.each([
    ["a command whose ttl is none", { delivery: "command", ttlMs: "none" }],
    ["a durable command", { delivery: "command", ttlMs: "none", durable: true }],
    ["a high event", { priority: "high" }],
    ["a binary stream", { delivery: "stream", wire: "binary", payload: binaryFrame }],
    ["a bare topic with a required member", { wire: "bare" }],
    ["wire any with a default for everything", { wire: "any", payload: z.object({ reason: z.string().default("") }) }],
  ])("as %s", (_what, changes) => {
    expect(define(changes)).toMatchObject(changes);
  });
});

describe("a request and its reply", () => {
  const pair = defineRequest({
    name: "lamp/ask",
    type: "lamp.ask",
    payload: z.object({ id: z.string() }),
    replyName: "lamp/told",
    replyType: "lamp.told",
    replyPayload: Lamp,
    private: true,
    keepNull: ["id"],
    replyKeepNull: ["params"],
  });

  it("are a command and an event that live as long as an asker waits", () => {
    expect(pair.request).toMatchObject({
      filter: "lamp/ask",
      delivery: "command",
      ttlMs: DEFAULT_REQUEST_TIMEOUT_MS,
      keepNull: ["id"],
    });
    expect(pair.reply).toMatchObject({
      filter: "lamp/told",
      delivery: "event",
      ttlMs: DEFAULT_REQUEST_TIMEOUT_MS,
      keepNull: ["params"],
    });
    expect([pair.request.private, pair.reply.private]).toEqual([true, true]);
  });

  it("never wait for each other: a request's key is its envelope's id", () => {
    const message = { data: { id: "same" }, params: {}, topic: "lamp/ask" };

    expect(pair.request.key({ ...message, id: "1" })).toBe("1");
    expect(pair.request.at({}).key({ ...message, id: "2" })).toBe("2");
  });

  it("are refused with parameters in a name", () => {
    expect(() =>
      defineRequest({ name: "a/{b}", type: "a", payload: Lamp, replyName: "c", replyType: "c", replyPayload: Lamp }),
    ).toThrow(/needs a value for \{b\}/);
  });
});

describe("a raw topic", () => {
  it("is a frozen filter", () => {
    expect(rawTopic("$SYS/#")).toEqual({ raw: true, filter: "$SYS/#" });
    expect(Object.isFrozen(rawTopic("#"))).toBe(true);
  });

  it.each(["", "a/#/b", "a+", "$share/group/a"])("refuses %s", (filter) => {
    expect(() => rawTopic(filter)).toThrow(TypeError);
  });
});
