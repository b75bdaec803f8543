import { expect, test } from "vitest";
import { z } from "zod";
import { defineTopic, rawTopic } from "../contract/index.ts";
import { createParamsReader } from "./params-reader.ts";

const lamp = defineTopic({
  name: "house/{room}/lamp/{lamp}",
  type: "lamp",
  delivery: "state",
  payload: z.object({ isOn: z.boolean() }),
});

test("the parameters of each topic are its own, however many topics come", () => {
  const read = createParamsReader(lamp);
  const topics = Array.from({ length: 5_000 }, (_, n) => ({ room: `r${n % 1_500}`, lamp: `l${n}` }));

  const seen = [...topics, ...topics].map(({ room, lamp: name }) => read(`house/${room}/lamp/${name}`));

  expect(seen).toEqual([...topics, ...topics]);
});

test("what one handler does to them the next one does not see", () => {
  const read = createParamsReader(lamp);
  const params = read("house/kitchen/lamp/left") as Record<string, string>; // a handler that does not keep to its type

  expect(() => {
    params["room"] = "cellar";
  }).toThrow(TypeError);
  expect(read("house/kitchen/lamp/left")).toEqual({ room: "kitchen", lamp: "left" });
});

test("a foreign filter has none", () => {
  expect(createParamsReader(rawTopic("$SYS/#"))("$SYS/broker/uptime")).toEqual({});
});
