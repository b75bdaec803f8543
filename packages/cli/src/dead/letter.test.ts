import { CATALOGUE, llmRequest, ttsControl } from "@ts-tars/contracts";
import type { DeadLetter } from "@ts-tars/mqtt";
import { expect, test } from "vitest";
import { letterRow, replayOf } from "./letter.ts";

const ENVELOPE = { id: "0".repeat(32), type: "tts.control", ts: 1, source: "page", correlation_id: "turn-a" };
const letterOf = (fields: Partial<DeadLetter>): { service: string; letter: DeadLetter } => ({
  service: "tts-worker",
  letter: {
    id: "d1",
    topic: ttsControl.name,
    reason: "handler_failed",
    error: "Error: no engine\n  at somewhere",
    attempts: 3,
    first_at: 1_700_000_000,
    failed_at: 1_700_000_001,
    source: "page",
    original_id: ENVELOPE.id,
    payload_bytes: 10,
    payload: Buffer.from(JSON.stringify({ ...ENVELOPE, data: { action: "mute" } })).toString("base64"),
    ...fields,
  },
});

test("a letter whose payload keeps its contract is replayed on its own topic, in its own turn", () => {
  expect(replayOf(letterOf({}), CATALOGUE)).toMatchObject({
    ok: true,
    topic: { filter: "tts/control" },
    data: { action: "mute" },
    correlationId: "turn-a",
  });
});

test.each([
  ["of an unknown topic", { topic: "some/thing" }, "nobody knows"],
  ["of a private topic", { topic: llmRequest.name, payload: undefined }, "private"],
  ["of a state", { topic: "turn/state/kitchen" }, "owner"],
  ["cut short", { truncated: true }, "beginning"],
  ["that is no message", { payload: Buffer.from("{").toString("base64") }, "breaks the contract"],
] as const)("a letter %s is not replayed, and the reason is said", (_what, fields, reason) => {
  const { payload: _payload, ...rest } = letterOf({}).letter;
  const letter =
    "payload" in fields && fields.payload === undefined
      ? { ...rest, topic: fields.topic }
      : letterOf(fields as Partial<DeadLetter>).letter; // undefined is not a member

  expect(replayOf({ service: "tts-worker", letter }, CATALOGUE)).toMatchObject({
    ok: false,
    reason: expect.stringContaining(reason),
  });
});

test("a line of the list tells when, what and why, the error in its first line", () => {
  expect(letterRow(letterOf({}))).toEqual([
    "d1",
    "tts-worker",
    "2023-11-14 22:13:21",
    "tts/control",
    "handler_failed",
    "3",
    "Error: no engine",
  ]);
});
