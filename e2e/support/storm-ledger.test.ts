import { expect, test } from "vitest";
import type { WireEvent } from "../../bench/scorecard/ledger/recording.ts";
import { type Ending, type Final, judgeStorm } from "./storm-ledger.ts";

const GOOD: Final = { path: "intent", code: undefined };
const FAILED: Final = { path: "error", code: "llm_silent" };

function published(direction: "up" | "down", topic: string): WireEvent {
  return { type: "published", connection: 1, direction, packetId: topic.length, message: `${topic} u1`, reached: true };
}

/** The PUBACK that the broker sends. */
function confirmed(topic: string): WireEvent {
  return { type: "confirmed", connection: 1, direction: "down", packetId: topic.length, reasonCode: 0, atMs: 0 };
}

const ASK_LOST = { asker: [published("up", "turn/ask"), confirmed("turn/ask")], robot: [] };
const ASK_UNCONFIRMED = { asker: [published("up", "turn/ask")], robot: [] };
const ASK_ARRIVED = { ...ASK_LOST, robot: [published("down", "turn/ask")] };
const ANSWER_LOST = {
  ...ASK_LOST,
  robot: [published("down", "turn/ask"), published("up", "turn/answer"), confirmed("turn/answer")],
};
const REQUEST_LOST = {
  ...ASK_LOST,
  robot: [published("down", "turn/ask"), published("up", "llm/request"), confirmed("llm/request")],
};

test.for<
  readonly [
    string,
    Ending,
    { finals?: readonly Final[]; isExpired?: boolean; record: Parameters<typeof judgeStorm>[1] },
  ]
>([
  ["one good final answer", "answered", { finals: [GOOD], record: ASK_ARRIVED }],
  ["two final answers", "answered_twice", { finals: [GOOD, GOOD], record: ASK_ARRIVED }],
  [
    "cancelled by another question",
    "superseded",
    { finals: [{ path: "cancelled", code: "superseded" }], record: ASK_LOST },
  ],
  ["no answer, the question acknowledged and never sent on", "lost_by_broker", { record: ASK_LOST }],
  ["no answer, the answer acknowledged and never sent on", "lost_by_broker", { record: ANSWER_LOST }],
  ["an error, the request to the model lost", "lost_by_broker", { finals: [FAILED], record: REQUEST_LOST }],
  ["an error, and nothing was lost", "unexplained", { finals: [FAILED], record: ASK_ARRIVED }],
  ["no answer, and nothing was lost", "unexplained", { record: ASK_ARRIVED }],
  ["no answer, never acknowledged", "unexplained", { record: ASK_UNCONFIRMED }],
  ["no answer, expired in the asker's outbox", "expired", { isExpired: true, record: ASK_UNCONFIRMED }],
])("%s: %s", ([, ending, { finals = [], isExpired = false, record }]) => {
  expect(judgeStorm([{ uttId: "u1", finals, isExpired }], record).get("u1")).toBe(ending);
});
