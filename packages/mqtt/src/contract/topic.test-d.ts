import { describe, expectTypeOf, it } from "vitest";
import { z } from "zod";
import type { Client } from "../api.ts";
import type { ConcreteTopic, RequestPair, Topic, TopicParam } from "./index.ts";
import { defineRequest, defineTopic } from "./index.ts";

declare const client: Client;

const Lamp = z.object({ on: z.boolean(), level: z.number().default(1) });
type LampIn = { on: boolean; level?: number | undefined };
type LampOut = { on: boolean; level: number };

const plain = defineTopic({ name: "lamp", type: "lamp", delivery: "event", payload: Lamp });
const open = defineTopic({ name: "lamp/{id}", type: "lamp", delivery: "event", payload: Lamp });
const pair = defineRequest({
  name: "lamp/ask",
  type: "lamp.ask",
  payload: z.object({ id: z.string() }),
  replyName: "lamp/told",
  replyType: "lamp.told",
  replyPayload: Lamp,
});

describe("the types of a defined topic", () => {
  it("are the schema's input and output and the name's parameters", () => {
    expectTypeOf(plain).toEqualTypeOf<Topic<LampIn, LampOut, never>>();
    expectTypeOf(open).toEqualTypeOf<Topic<LampIn, LampOut, "id">>();
    expectTypeOf(open.at({ id: "3" })).toEqualTypeOf<ConcreteTopic<LampIn, LampOut>>();
  });

  it("take the parameters out of the name", () => {
    expectTypeOf<TopicParam<"a/b">>().toEqualTypeOf<never>();
    expectTypeOf<TopicParam<"system/health/{service}">>().toEqualTypeOf<"service">();
    expectTypeOf<TopicParam<"rooms/{room}/lamps/{lamp}">>().toEqualTypeOf<"room" | "lamp">();
    expectTypeOf<TopicParam<string>>().toEqualTypeOf<string>();
  });

  it("let nothing but these parameters be bound", () => {
    // @ts-expect-error a parameter is missing
    open.at({});
    // @ts-expect-error there is no such parameter
    open.at({ id: "3", room: "kitchen" });
  });

  it("must all be bound before it can be published to", () => {
    client.publish(open.at({ id: "3" }), { on: true });
    // @ts-expect-error `id` is open
    () => client.publish(open, { on: true });
    // @ts-expect-error `id` is open
    () => client.clear(open);
  });

  it("are known to its key", () => {
    defineTopic({
      name: "lamp/{id}",
      type: "lamp",
      delivery: "event",
      payload: Lamp,
      key: (data, params) => {
        expectTypeOf(data).toEqualTypeOf<LampOut>();
        expectTypeOf(params).toEqualTypeOf<Readonly<Record<"id", string>>>();
        return params.id;
      },
    });
  });

  it("refuse what is no delivery, and a topic without a payload", () => {
    // @ts-expect-error there is no such delivery
    defineTopic({ name: "lamp", type: "lamp", delivery: "rumour", payload: Lamp });
    // @ts-expect-error a payload is needed
    defineTopic({ name: "lamp", type: "lamp", delivery: "event" });
  });
});

describe("the types of a client's calls", () => {
  it("take the contract's input when publishing, and refuse anything else", () => {
    client.publish(plain, { on: true });
    client.publish(open.at({ id: "3" }), { on: true, level: 0.5 });
    // @ts-expect-error a member is missing
    client.publish(plain, { level: 1 });
    // @ts-expect-error a member is unknown
    client.publish(plain, { on: true, colour: "red" });
  });

  it("give handlers the contract's output and the parameters", () => {
    client.subscribe(open, ({ data, params }) => {
      expectTypeOf(data).toEqualTypeOf<LampOut>();
      expectTypeOf(params).toEqualTypeOf<Readonly<Record<"id", string>>>();
    });
  });

  it("give the asker the reply's output", () => {
    expectTypeOf(pair).toEqualTypeOf<RequestPair<{ id: string }, { id: string }, LampIn, LampOut>>();
    expectTypeOf(client.request(pair, { id: "3" })).toEqualTypeOf<Promise<LampOut>>();
    // @ts-expect-error a number is no id
    void client.request(pair, { id: 3 });
  });
});
