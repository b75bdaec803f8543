import { describe, expect, test } from "vitest";
import { type Fate, keepLedger } from "./ledger.ts";
import type { Handled, Recording, WireEvent } from "./recording.ts";

const MESSAGE = { message: "a#0", key: "a", seq: 0, atMs: 0 };
const START: Handled = { message: "a#0", key: "a", seq: 0, attempt: 1, life: 1 };

function connected(connection: number, session: "resumed" | "new" = "resumed"): WireEvent {
  return { type: "connected", connection, sessionPresent: session === "resumed" };
}

function published(direction: "up" | "down", at: { connection?: number; reached?: boolean } = {}): WireEvent {
  return { type: "published", connection: 1, packetId: 7, message: "a#0", reached: true, direction, ...at };
}

function confirmed(
  direction: "up" | "down",
  at: { connection?: number; reasonCode?: number; packetId?: number } = {},
): WireEvent {
  return { type: "confirmed", connection: 1, packetId: 7, reasonCode: 0, direction, ...at };
}

/** One accepted message; everything else as told. */
function recordingOf(
  told: Partial<Omit<Recording, "wires">> & { up?: readonly WireEvent[]; down?: readonly WireEvent[] },
): Recording {
  const { up = [], down = [], ...rest } = told;
  return {
    accepted: [MESSAGE],
    handled: [],
    declared: [],
    promises: { made: 0, settled: 0 },
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

  test("a promise that never settled is counted", () => {
    expect(keepLedger(recordingOf({ promises: { made: 3, settled: 2 } })).unsettledPromises).toBe(1);
  });
});
