import { expect, test } from "vitest";
import { LateSignal } from "./late-signal.ts";

test("everybody who looks sees the same signal, and hears of its abort", () => {
  const late = new LateSignal();
  const { signal } = late;

  late.abort(new Error("too slow"));

  expect(late.signal).toBe(signal);
  expect([signal.aborted, signal.reason]).toEqual([true, new Error("too slow")]);
});

test("who looks after the abort sees an aborted signal with its reason", () => {
  const late = new LateSignal();

  late.abort(new Error("too slow"));

  expect([late.signal.aborted, late.signal.reason]).toEqual([true, new Error("too slow")]);
});
