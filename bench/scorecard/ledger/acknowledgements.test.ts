import { expect, test } from "vitest";
import { type AckEvent, ackFaultsOf } from "./acknowledgements.ts";

/** `p7` is a PUBLISH with the packet id 7, `a7` its PUBACK; a number before it is its connection, 1 when there is none. */
function eventsOf(text: string): readonly AckEvent[] {
  return text.split(" ").map((word): AckEvent => {
    const [, connection = "", kind, packetId] = /^(\d*)([pa])(\d+)$/.exec(word) ?? [];
    return {
      type: kind === "p" ? "published" : "acknowledged",
      connection: Number(connection || 1),
      packetId: Number(packetId),
    };
  });
}

test.for<readonly [string, object]>([
  ["p1 p2 a1 a2 p1 a1", { overtakingCount: 0, strayCount: 0 }],
  ["p1 p2 p3 a2 a1 a3", { overtakingCount: 1, strayCount: 0 }],
  ["p1 p2 p3 a3 a2 a1", { overtakingCount: 2, strayCount: 0 }],
  ["p1 2p1 2a1 a1", { overtakingCount: 0, strayCount: 0 }],
  ["p1 p2 2p2 2a1", { overtakingCount: 0, strayCount: 1 }],
  ["p1 a1 a1", { overtakingCount: 0, strayCount: 1 }],
])("%s", ([text, expected]) => {
  expect(ackFaultsOf(eventsOf(text))).toEqual(expected);
});
