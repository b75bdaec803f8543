import { expect, test } from "vitest";
import { look, QUIET, type Vigil } from "./watchdog.ts";

const TIMES = { probeAfterMs: 5_000, probeTimeoutMs: 3_000 };
const PROBING: Vigil = { kind: "probing", sinceMs: 15_000 };

test("a link on which bytes came lately is left alone until it has been silent long enough", () => {
  const seen = look(QUIET, { nowMs: 12_000, lastInboundAtMs: 10_000, isLate: false }, TIMES);

  expect(seen).toEqual({ state: QUIET, action: "none", nextAtMs: 15_000 });
});

test("a silent link is pinged, and looked at again when the answer is due", () => {
  const seen = look(QUIET, { nowMs: 15_000, lastInboundAtMs: 10_000, isLate: false }, TIMES);

  expect(seen).toEqual({ state: PROBING, action: "ping", nextAtMs: 18_000 });
});

test("any byte after the ping counts as an answer", () => {
  const seen = look(PROBING, { nowMs: 18_000, lastInboundAtMs: 15_001, isLate: false }, TIMES);

  expect(seen).toEqual({ state: QUIET, action: "none", nextAtMs: 20_001 });
});

test("bytes from before the ping are no answer", () => {
  const seen = look(PROBING, { nowMs: 18_000, lastInboundAtMs: 15_000, isLate: false }, TIMES);

  expect(seen.action).toBe("reset");
});

test("a ping that is not answered in time resets the link, not a millisecond earlier", () => {
  const early = look(PROBING, { nowMs: 17_999, lastInboundAtMs: 10_000, isLate: false }, TIMES);
  const due = look(PROBING, { nowMs: 18_000, lastInboundAtMs: 10_000, isLate: false }, TIMES);

  expect([early.action, due.action]).toEqual(["none", "reset"]);
});

test("an evaluation that comes late asks again instead of resetting, since the answer may wait unread", () => {
  const seen = look(PROBING, { nowMs: 60_000, lastInboundAtMs: 10_000, isLate: true }, TIMES);

  expect(seen).toEqual({ state: { kind: "probing", sinceMs: 60_000 }, action: "ping", nextAtMs: 63_000 });
});

test("a link that answers long after its ping is pinged again when it falls silent again", () => {
  const seen = look(PROBING, { nowMs: 24_000, lastInboundAtMs: 16_000, isLate: false }, TIMES);

  expect(seen).toEqual({ state: { kind: "probing", sinceMs: 24_000 }, action: "ping", nextAtMs: 27_000 });
});
