import { expect, test } from "vitest";
import type { Ended } from "../transport/transport.ts";
import { countTwinEnds, isTwin } from "./twin-watch.ts";

const CLOSED: Ended = {
  error: new Error("the peer closed the connection"),
  refusedCode: undefined,
  disconnectCode: undefined,
  byPeer: true,
};
const SOON = { stoodMs: 1_999, mayBePoisoned: false };

test("five quiet ends in a row, each soon after its CONNACK, are a twin's work, and four are not", () => {
  let row = 0;
  for (let end = 1; end <= 4; end += 1) row = countTwinEnds(row, CLOSED, SOON);

  expect([isTwin(row), isTwin(countTwinEnds(row, CLOSED, SOON))]).toEqual([false, true]);
});

test.each<[string, Ended, { readonly stoodMs: number | undefined; readonly mayBePoisoned: boolean }]>([
  ["a life of two seconds", CLOSED, { ...SOON, stoodMs: 2_000 }],
  ["an attempt that failed", CLOSED, { ...SOON, stoodMs: undefined }],
  ["an end that our own message may be the reason of", CLOSED, { ...SOON, mayBePoisoned: true }],
  ["an end of our making", { ...CLOSED, byPeer: false }, SOON],
  ["a reset by the network", { ...CLOSED, error: Object.assign(new Error(), { code: "ECONNRESET" }) }, SOON],
  ["an end that the broker gave a reason for", { ...CLOSED, disconnectCode: 0x8b }, SOON],
])("%s breaks the row", (_name, ended, facts) => {
  expect(countTwinEnds(4, ended, facts)).toBe(0);
});
