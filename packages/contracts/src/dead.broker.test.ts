/** What the client writes when a handler fails is what this contract says stands there. */
import { openBroker, plantedWords, rawClient } from "@ts-tars/harness";
import { connect } from "@ts-tars/mqtt";
import { decodeMessage, type Topic } from "@ts-tars/mqtt/contract";
import { expect, test } from "vitest";
import { z } from "zod";
import { DeadLetterRecord, deadLetter, movementCommand, turnSay } from "./index.ts";

/** The letter of a message that nobody could handle, as the broker keeps it. */
async function letterOf(topic: Topic, data: object, source: string) {
  await using broker = await openBroker();
  await using worker = connect({ url: broker.url, clientId: "worker", deadLetters: { service: "worker" } });
  const fails = () => {
    throw new Error("no engine");
  };
  await worker.subscribe(topic, fails, { retry: { attempts: 1 } }).active;
  await using raw = await rawClient({ url: broker.url });
  await raw.subscribe("dead/worker/+");
  await raw.publish(topic.filter, {
    id: "0".repeat(32),
    type: topic.type,
    ts: 1,
    source,
    correlation_id: "turn",
    data,
  });
  const { topic: grave, payload } = await raw.received.next();
  const decoded = decodeMessage(deadLetter, payload);
  return { grave, letter: z.looseObject({ ok: z.literal(true), data: DeadLetterRecord }).parse(decoded).data };
}

test("a failed command leaves a letter with its payload, on the topic of its own id", async () => {
  const { grave, letter } = await letterOf(movementCommand, { command: "bow", origin: "page" }, "page");

  expect(grave).toBe(deadLetter.at({ service: "worker", id: letter.id }).filter);
  expect(letter).toMatchObject({ topic: "movement/command", reason: "handler_failed", source: "page", attempts: 1 });
  expect(Buffer.from(letter.payload ?? "", "base64").toString()).toContain('"command":"bow"');
});

test("a broken one leaves a letter too, and of a private topic nothing but lengths", async () => {
  const text = plantedWords();

  const { letter } = await letterOf(turnSay, { utt_id: "not hex", text }, "cli");

  expect(letter).toMatchObject({
    topic: "turn/say",
    reason: "contract",
    correlation_id: "turn",
    fields: { text: text.length },
  });
  expect(letter.payload).toBeUndefined();
});
