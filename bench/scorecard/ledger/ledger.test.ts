import { describe, expect, test } from "vitest";
import { type Fate, keepLedger } from "./ledger.ts";
import type { Attachment, Handled, Recording, WireEvent } from "./recording.ts";

const MESSAGE = { message: "a#0", key: "a", seq: 0, atMs: 0, life: 1, isDurable: false };
const START: Handled = { message: "a#0", key: "a", seq: 0, attempt: 1, life: 1 };

function connected(connection: number, session: "resumed" | "new" = "resumed"): WireEvent {
  return { type: "connected", connection, sessionPresent: session === "resumed" };
}

function published(direction: "up" | "down", at: { connection?: number; reached?: boolean } = {}): WireEvent {
  return { type: "published", connection: 1, packetId: 7, message: "a#0", reached: true, direction, ...at };
}

function confirmed(
  direction: "up" | "down",
  at: { connection?: number; reasonCode?: number; packetId?: number; atMs?: number } = {},
): WireEvent {
  return { type: "confirmed", connection: 1, packetId: 7, reasonCode: 0, atMs: 0, direction, ...at };
}

function attachment(told: Partial<Attachment>): Attachment {
  const never = Number.POSITIVE_INFINITY;
  const usual = { connectedAtMs: 0, endedAtMs: never, sessionPresent: false, isCleanStart: false, hasSubscribed: true };
  return { connection: 1, ...usual, ...told };
}

/** One accepted message; everything else as told. */
function recordingOf(
  told: Partial<Omit<Recording, "wires">> & { up?: readonly WireEvent[]; down?: readonly WireEvent[] },
): Recording {
  const { up = [], down = [], ...rest } = told;
  return {
    accepted: [MESSAGE],
    offered: (told.accepted ?? [MESSAGE]).map(({ message }) => message),
    killedLives: [],
    handled: [],
    declared: [],
    attachments: [],
    wires: { publisher: [connected(1, "new"), ...up], subscriber: [connected(1, "new"), ...down] },
    ...rest,
  };
}

const CONFIRMED_UP = [published("up"), confirmed("down")];

describe("the class of a message", () => {
  test.for<readonly [string, Fate, Recording]>([
    [
      "handled, and its PUBLISH was seen",
      "delivered",
      recordingOf({ up: CONFIRMED_UP, down: [published("down"), confirmed("up")], handled: [START] }),
    ],
    ["never written", "lost_by_client", recordingOf({})],
    ["written, never confirmed, connection open", "lost_by_client", recordingOf({ up: [published("up")] })],
    [
      "written, cut, session resumed, not sent again",
      "lost_by_client",
      recordingOf({ up: [published("up"), connected(2)] }),
    ],
    ["written, cut, session gone", "lost_in_cut", recordingOf({ up: [published("up"), connected(2, "new")] })],
    [
      "written, cut, session gone, sent again and open",
      "lost_by_client",
      recordingOf({ up: [published("up"), connected(2, "new"), published("up", { connection: 2 })] }),
    ],
    ["confirmed, never sent on", "lost_by_broker", recordingOf({ up: CONFIRMED_UP })],
    [
      "confirmed, sent on, swallowed before the socket",
      "lost_by_broker",
      recordingOf({ up: CONFIRMED_UP, down: [published("down", { reached: false })] }),
    ],
    [
      "confirmed, at the subscriber's socket, no handler ran",
      "lost_by_client",
      recordingOf({ up: CONFIRMED_UP, down: [published("down")] }),
    ],
    [
      "unconfirmed, at the subscriber's socket, no handler ran",
      "lost_by_client",
      recordingOf({ up: [published("up")], down: [published("down")] }),
    ],
    ["declared, never written", "declared", recordingOf({ declared: [{ message: "a#0", reason: "expired" }] })],
    [
      "refused by the broker and declared",
      "declared",
      recordingOf({
        up: [published("up"), confirmed("down", { reasonCode: 0x97 })],
        declared: [{ message: "a#0", reason: "refused" }],
      }),
    ],
    [
      "confirmed, taken, unacknowledged when the connection ended, session resumed, not sent again",
      "lost_by_broker",
      recordingOf({ up: CONFIRMED_UP, down: [published("down"), connected(2)] }),
    ],
    [
      "confirmed, taken, unacknowledged when the connection ended, session gone",
      "lost_in_cut",
      recordingOf({ up: CONFIRMED_UP, down: [published("down"), connected(2, "new")] }),
    ],
    [
      "confirmed, taken, acknowledged, no handler ran, whatever followed",
      "lost_by_client",
      recordingOf({ up: CONFIRMED_UP, down: [published("down"), confirmed("up"), connected(2, "new")] }),
    ],
    [
      "its publisher was killed before the PUBACK",
      "declared",
      recordingOf({ up: [published("up"), connected(2)], killedLives: [1] }),
    ],
    [
      "durable, and its publisher was killed before the PUBACK",
      "lost_by_client",
      recordingOf({
        accepted: [{ ...MESSAGE, isDurable: true }],
        up: [published("up"), connected(2)],
        killedLives: [1],
      }),
    ],
    [
      "its publisher was killed before the PUBACK, the subscriber acknowledged it, no handler ran",
      "lost_by_client",
      recordingOf({ up: [published("up")], down: [published("down"), confirmed("up")], killedLives: [1] }),
    ],
    [
      "another life of its publisher was killed",
      "lost_by_client",
      recordingOf({ up: [published("up"), connected(2)], killedLives: [2] }),
    ],
    [
      "confirmed while the subscriber stood there and had not subscribed",
      "lost_by_client",
      recordingOf({
        up: [published("up"), confirmed("down", { atMs: 9_000 })],
        attachments: [attachment({ hasSubscribed: false })],
      }),
    ],
    [
      "confirmed before a subscriber could be expected to have subscribed",
      "lost_by_broker",
      recordingOf({
        up: [published("up"), confirmed("down", { atMs: 500 })],
        attachments: [attachment({ hasSubscribed: false })],
      }),
    ],
    [
      "confirmed on a connection that went on with a subscribed session",
      "lost_by_broker",
      recordingOf({
        up: [published("up"), confirmed("down", { atMs: 30_000 })],
        attachments: [
          attachment({ endedAtMs: 10_000 }),
          attachment({ connectedAtMs: 20_000, sessionPresent: true, hasSubscribed: false }),
        ],
      }),
    ],
    [
      "confirmed, sent on, swallowed on the way to a subscriber who then began without its session",
      "lost_by_client",
      recordingOf({
        up: [published("up"), confirmed("down", { atMs: 5_000 })],
        down: [published("down", { reached: false }), connected(2, "new")],
        attachments: [
          attachment({ endedAtMs: 10_000 }),
          attachment({ connection: 2, connectedAtMs: 20_000, isCleanStart: true }),
        ],
      }),
    ],
    [
      "confirmed while the subscriber was away, who then began without its session",
      "lost_by_client",
      recordingOf({
        up: [published("up"), confirmed("down", { atMs: 15_000 })],
        attachments: [attachment({ endedAtMs: 10_000 }), attachment({ connectedAtMs: 20_000, isCleanStart: true })],
      }),
    ],
    [
      "declared after it was written, and handled",
      "delivered",
      recordingOf({
        up: [published("up")],
        down: [published("down")],
        handled: [START],
        declared: [{ message: "a#0", reason: "expired" }],
      }),
    ],
  ])("%s: %s", ([, fate, recording]) => {
    const { judged } = keepLedger(recording);

    expect(judged).toMatchObject([{ message: "a#0", acceptedAtMs: 0, fates: [fate] }]);
  });

  test("a handler that ran without any PUBLISH on the record contradicts it", () => {
    const { judged } = keepLedger(recordingOf({ handled: [START] }));

    expect(judged[0]?.fates).toEqual([]);
  });

  test("a message that was confirmed, lost by the broker and declared is in two classes", () => {
    const { judged } = keepLedger(recordingOf({ up: CONFIRMED_UP, declared: [{ message: "a#0", reason: "expired" }] }));

    expect(judged[0]?.fates).toEqual(["declared", "lost_by_broker"]);
  });

  test("a PUBACK counts only on the connection of its PUBLISH, and only for its packet id", () => {
    const elsewhere = [
      published("up"),
      connected(2),
      confirmed("down", { connection: 2 }),
      confirmed("down", { packetId: 8 }),
    ];

    const { judged } = keepLedger(recordingOf({ up: elsewhere }));

    expect(judged[0]?.fates).toEqual(["lost_by_client"]);
  });
});

describe("the sequence of starts", () => {
  const starts = (
    ...told: readonly (readonly [message: string, attempt?: number, life?: number])[]
  ): readonly Handled[] =>
    told.map(([message, attempt = 1, life = 1]) => {
      const [key = "", seq = ""] = message.split("#");
      return { message, key, seq: Number(seq), attempt, life };
    });
  const accepted = ["a#0", "a#1", "a#2", "b#0"].map((message) => ({ ...MESSAGE, message }));
  const nothing = { duplicates: [], outOfOrder: [], strangers: [] };

  test("what an application offered and never got back from publish is no stranger", () => {
    const { strangers } = keepLedger(recordingOf({ accepted: [], offered: ["a#0"], handled: [START] }));

    expect(strangers).toEqual([]);
  });

  test("a later life may repeat what was unacknowledged, and nothing else", () => {
    const handled = starts(["a#0"], ["a#1"], ["a#0", 1, 2], ["a#0", 2, 2], ["a#1", 1, 2], ["a#2", 1, 2]);

    const kept = keepLedger(recordingOf({ accepted, handled, down: [published("down"), connected(2)] }));

    expect(kept).toMatchObject({ repeatCount: 2, excessRepeats: ["a#1"] });
  });

  test.for<readonly [string, readonly Handled[], object]>([
    [
      "gaps, other keys, further attempts and other lives",
      starts(["a#0"], ["b#0"], ["a#2"], ["a#2", 2], ["a#0", 1, 2]),
      nothing,
    ],
    ["the same attempt twice in one life", starts(["a#0"], ["a#1"], ["a#0"]), { ...nothing, duplicates: ["a#0"] }],
    [
      "an earlier one after a later one of its key",
      starts(["a#0"], ["a#2"], ["a#1"]),
      { ...nothing, outOfOrder: ["a#1"] },
    ],
    ["one that nobody sent", starts(["a#9"]), { ...nothing, strangers: ["a#9"] }],
  ])("%s", ([, handled, expected]) => {
    expect(keepLedger(recordingOf({ accepted, handled }))).toMatchObject(expected);
  });
});
