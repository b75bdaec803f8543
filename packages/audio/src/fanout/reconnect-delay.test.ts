import { expect, test } from "vitest";
import { reconnectDelayMs } from "./reconnect-delay.ts";

test("the wait doubles from half a second to five, less what is drawn", () => {
  expect([0, 1, 2, 3, 4, 100].map((count) => reconnectDelayMs(count, 0))).toEqual([
    500, 1_000, 2_000, 4_000, 5_000, 5_000,
  ]);
  expect(reconnectDelayMs(0, 0.5)).toBe(450);
});
