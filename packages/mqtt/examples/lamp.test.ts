import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, defineTopic } from "@ts-tars/mqtt";
import { openBroker, openLink, recorder } from "@ts-tars/testing";
import { z } from "zod";

const lamp = defineTopic({
  name: "lamp/{room}",
  type: "lamp.switched",
  delivery: "event",
  payload: z.object({ on: z.boolean() }),
});

test("a lamp hears of every switch although its connection is cut between two of them", async () => {
  await using broker = await openBroker({ kind: "any" }); // Mosquitto where it is installed, else Aedes
  await using link = await openLink({ target: broker.target });
  await using wall = connect({ url: broker.url, clientId: "wall" });
  await using device = connect({ url: link.url, clientId: "lamp" });
  const seen = recorder<boolean>();
  await device.subscribe(lamp, ({ data }) => seen.push(data.on)).active;

  wall.publish(lamp.at({ room: "hall" }), { on: true });
  assert.equal(await seen.next(), true);
  link.cut(); // also: stall, halfOpen, delay, throttle, truncate, down and up
  wall.publish(lamp.at({ room: "hall" }), { on: false });
  assert.equal(await seen.next(), false);

  assert.equal(link.connections().length, 2);
  assert.deepEqual(seen.seen, [true, false]);
});
