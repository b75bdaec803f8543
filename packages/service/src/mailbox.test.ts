import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test } from "vitest";
import { MailboxClosedError, MailboxFullError } from "./errors.ts";
import { Mailbox } from "./mailbox.ts";

/** A promise that the test settles. */
const gate = () => Promise.withResolvers<void>();

test("run handles events one at a time in the order they were posted", async () => {
  const inbox = new Mailbox<number>();
  const seen: string[] = [];
  inbox.post(1).post(2).post(3).close();

  await inbox.run(async (event) => {
    seen.push(`begin ${event}`);
    await Promise.resolve();
    seen.push(`end ${event}`);
  });

  expect(seen).toEqual(["begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"]);
});

test("handled resolves only when the loop has finished with that event", async () => {
  const inbox = new Mailbox<string>();
  const working = gate();
  const order: string[] = [];
  const loop = inbox.run(async (event) => {
    await working.promise;
    order.push(`finished ${event}`);
  });

  const acknowledged = inbox.handled("say").then(() => order.push("acknowledged"));
  working.resolve();
  await acknowledged;

  expect(order).toEqual(["finished say", "acknowledged"]);
  inbox.close();
  await loop;
});

test("handled rejects when the mailbox was closed before", async () => {
  const inbox = new Mailbox<string>();
  inbox.close();

  await expect(inbox.handled("late")).rejects.toThrow(MailboxClosedError);
});

test("handled rejects when the loop ends before the event's turn", async () => {
  const inbox = new Mailbox<string>();
  const first = inbox.handled("first");
  const second = inbox.handled("second");

  const loop = inbox.run(() => {
    throw new Error("no engine");
  });

  const outcomes = await Promise.allSettled([first, second, loop]);
  expect(outcomes.map((outcome) => (outcome.status === "rejected" ? String(outcome.reason) : outcome.status))).toEqual([
    "Error: no engine",
    "MailboxClosedError: The mailbox closed before this event was handled.",
    "Error: no engine",
  ]);
});

test("what waits when the mailbox closes is still handled", async () => {
  const inbox = new Mailbox<string>();
  const seen: string[] = [];
  const handled = inbox.handled("waiting");
  inbox.close();

  await inbox.run((event) => void seen.push(event));

  await handled;
  expect(seen).toEqual(["waiting"]);
});

test("post after close is forgotten", async () => {
  const inbox = new Mailbox<string>();
  const seen: string[] = [];
  inbox.post("in time").close();
  inbox.post("late");

  await inbox.run((event) => void seen.push(event));

  expect(seen).toEqual(["in time"]);
});

test("a full mailbox that refuses throws at the sender and keeps what it has", async () => {
  const inbox = new Mailbox<number>({ capacity: 2 });
  const seen: number[] = [];
  inbox.post(1).post(2);

  expect(() => inbox.post(3)).toThrow(MailboxFullError);
  await expect(inbox.handled(4)).rejects.toThrow(MailboxFullError);

  inbox.close();
  await inbox.run((event) => void seen.push(event));
  expect(seen).toEqual([1, 2]);
});

test("a full mailbox that drops forgets the oldest, tells its sender, and counts it", async () => {
  const inbox = new Mailbox<number>({ capacity: 2, overflow: "drop_oldest" });
  const seen: number[] = [];
  const dropped = inbox.handled(1);
  inbox.post(2).post(3);

  await expect(dropped).rejects.toThrow(MailboxClosedError);

  inbox.close();
  await inbox.run((event) => void seen.push(event));
  expect(seen).toEqual([2, 3]);
  expect(inbox.droppedCount).toBe(1);
});

test("run handles each event in the AsyncLocalStorage context of its sender, also across awaits", async () => {
  const turn = new AsyncLocalStorage<string>();
  const inbox = new Mailbox<string>();
  const seen: string[] = [];
  const loop = inbox.run(async (event) => {
    await Promise.resolve();
    seen.push(`${event} of ${turn.getStore()}`);
  });

  turn.run("turn-a", () => inbox.post("first"));
  turn.run("turn-b", () => inbox.post("second"));
  inbox.post("third").close();
  await loop;

  expect(seen).toEqual(["first of turn-a", "second of turn-b", "third of undefined"]);
});

test("an event posted while another is handled inherits that one's context", async () => {
  const turn = new AsyncLocalStorage<string>();
  const inbox = new Mailbox<string>();
  const seen: string[] = [];
  turn.run("turn-a", () => inbox.post("say"));

  await inbox.run((event) => {
    seen.push(`${event} of ${turn.getStore()}`);
    if (event === "say") inbox.post("ended").close();
  });

  expect(seen).toEqual(["say of turn-a", "ended of turn-a"]);
});

test("for await yields the events, and counts one as handled when the next is asked for", async () => {
  const inbox = new Mailbox<string>();
  const handled = inbox.handled("only");
  inbox.close();
  const seen: string[] = [];

  for await (const event of inbox) seen.push(event);

  await handled;
  expect(seen).toEqual(["only"]);
});

test("leaving a for await rejects the event in hand and those behind it", async () => {
  const inbox = new Mailbox<string>();
  const outcomes = Promise.allSettled([inbox.handled("in hand"), inbox.handled("behind")]);

  for await (const event of inbox) if (event === "in hand") break;

  expect((await outcomes).map((outcome) => outcome.status)).toEqual(["rejected", "rejected"]);
});

test("a second reader is refused", async () => {
  const inbox = new Mailbox<string>();
  const first = inbox.run(() => undefined);

  await expect(inbox.run(() => undefined)).rejects.toThrow(TypeError);

  inbox.close();
  await first;
});
