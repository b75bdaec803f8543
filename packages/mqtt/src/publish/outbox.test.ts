import { expect, test } from "vitest";
import { word } from "../client.fixture.ts";
import { connectWith } from "../connect.ts";
import { OutboxFullError } from "../errors.ts";
import { BOUNDS, CONFIRMED, idsOf, openOutbox } from "./outbox.fixture.ts";

test("messages are taken in the order in which they were accepted", () => {
  const { accept, send } = openOutbox();
  for (let count = 0; count < 4; count += 1) accept();

  const taken = [send(), send(), send(), send()];

  expect(idsOf(taken)).toEqual(["m1", "m2", "m3", "m4"]);
});

test("what was in flight when the connection broke is taken again first, in order, under its old packet id", () => {
  const { outbox, accept, send } = openOutbox();
  for (let count = 0; count < 4; count += 1) accept();
  const before = [send(), send()].map(({ id, packetId }) => ({ id, packetId }));

  outbox.connectionLost();
  const after = [send(), send()].map(({ id, packetId }) => ({ id, packetId }));

  expect(after).toEqual(before);
  expect(idsOf([send(), send()])).toEqual(["m3", "m4"]);
});

test("a lost session gives what was in flight a new packet id and keeps its place", () => {
  const { outbox, accept, send } = openOutbox();
  accept();
  accept();
  const [first, second] = [send(), send()];
  const before = [first.packetId, second.packetId];

  outbox.connectionLost();
  outbox.sessionLost();

  expect([first.packetId, second.packetId]).toEqual([0, 0]);
  expect(idsOf([send(), send()])).toEqual(["m1", "m2"]);
  expect(before).not.toContain(first.packetId);
});

test("a waiting value of a state is superseded by the next one of its topic, which takes its own place at the end", () => {
  const { outbox, endings, accept } = openOutbox();
  accept({ topic: "state", replaces: true });
  accept({ topic: "other" });

  accept({ topic: "state", replaces: true });

  expect(endings).toEqual([{ id: "m1", outcome: { kind: "undelivered", reason: "superseded" }, sent: "no" }]);
  expect(idsOf(outbox.unsettled())).toEqual(["m2", "m3"]);
});

test("a state's value in flight is not superseded by the next one while the connection stands", () => {
  const { endings, accept, send } = openOutbox();
  accept({ topic: "state", replaces: true });
  send();

  accept({ topic: "state", replaces: true });

  expect(endings).toEqual([]);
  expect(send().id).toBe("m2");
});

test("a state's value in flight is superseded at the break of the connection when a newer one waits", () => {
  const { outbox, endings, accept, send } = openOutbox();
  accept({ topic: "state", replaces: true });
  send();
  accept({ topic: "state", replaces: true });

  outbox.connectionLost();

  expect(endings).toEqual([{ id: "m1", outcome: { kind: "undelivered", reason: "superseded" }, sent: "maybe" }]);
  expect(send().id).toBe("m2");
});

test("a state's value that waits again after a break is superseded by a newer one", () => {
  const { outbox, endings, accept, send } = openOutbox();
  accept({ topic: "state", replaces: true });
  send();
  outbox.connectionLost();

  accept({ topic: "state", replaces: true });

  expect(endings).toEqual([{ id: "m1", outcome: { kind: "undelivered", reason: "superseded" }, sent: "maybe" }]);
  expect(idsOf(outbox.unsettled())).toEqual(["m2"]);
});

test("of two values of one state in flight only the newer is sent again", () => {
  const { outbox, endings, accept, send } = openOutbox();
  accept({ topic: "state", replaces: true });
  send();
  accept({ topic: "state", replaces: true });
  send();

  outbox.connectionLost();

  expect(idsOf(outbox.unsettled())).toEqual(["m2"]);
  expect(endings).toEqual([{ id: "m1", outcome: { kind: "undelivered", reason: "superseded" }, sent: "maybe" }]);
});

test.each([
  { bound: "messages", bounds: { ...BOUNDS, maxMessages: 2 } },
  { bound: "bytes", bounds: { ...BOUNDS, maxBytes: 20 } },
])("a full outbox has no room for a message, by its bound of $bound", ({ bounds }) => {
  const { outbox, accept } = openOutbox(bounds);
  accept();
  const roomBefore = outbox.hasRoom(10, undefined);
  accept();

  expect([roomBefore, outbox.hasRoom(10, undefined)]).toEqual([true, false]);
});

test("a full outbox refuses the next message with OutboxFullError", async () => {
  const unreachable = (): never => {
    throw new Error("nothing is dialled in the turn of the event loop in which a client is made");
  };
  const options = { url: "mqtt://localhost", outbox: { maxMessages: 2 } };
  const client = connectWith(options, { open: unreachable });
  const publish = (): string => client.publish(word, { text: "" });

  publish();
  publish();

  expect(publish).toThrow(OutboxFullError);
  await client.close();
});

test("a full outbox has room for the next value of a state that waits in it", () => {
  const { outbox, accept } = openOutbox({ ...BOUNDS, maxMessages: 2, maxBytes: 20 });
  accept();
  accept({ topic: "state", replaces: true });

  expect(outbox.hasRoom(10, "state")).toBe(true);
  expect(outbox.hasRoom(11, "state")).toBe(false);
  expect(outbox.hasRoom(10, "another")).toBe(false);
});

test("the outbox is half empty only under half of both bounds", () => {
  const { outbox, accept } = openOutbox({ ...BOUNDS, maxMessages: 4, maxBytes: 100 });
  accept();
  const withOne = outbox.isHalfEmpty;
  accept({ bytes: 60 });
  const byBytes = outbox.isHalfEmpty;

  expect([withOne, byBytes]).toEqual([true, false]);
});

test("packet ids wrap around and pass over those in use", () => {
  const { outbox, accept, send } = openOutbox({ ...BOUNDS, maxPacketId: 3 });
  for (let count = 0; count < 4; count += 1) accept();
  const [first, second, third] = [send(), send(), send()];
  outbox.settle(second, CONFIRMED);

  const fourth = send();

  expect([first.packetId, third.packetId, fourth.packetId]).toEqual([1, 3, 2]);
});

test("a confirmation of an unknown packet id belongs to nobody", () => {
  const { outbox, accept, send } = openOutbox();
  accept();
  send();

  expect([outbox.confirmed(1)?.id, outbox.confirmed(2)]).toEqual(["m1", undefined]);
});
