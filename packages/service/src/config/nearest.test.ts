import fc from "fast-check";
import { expect, test } from "vitest";
import { editDistance, nearestName } from "./nearest.ts";

test.each([
  ["ROUTER_WAKE_WINDW_SEC", "ROUTER_WAKE_WINDOW_SEC"],
  ["router_wake_window", "ROUTER_WAKE_WINDOW_SEC"],
  ["MQTT_ULR", "MQTT_URL"],
])("%s was probably meant as %s", (written, meant) => {
  expect(nearestName(written, ["MQTT_CLIENT_ID", "MQTT_URL", "ROUTER_WAKE_WINDOW_SEC"])).toBe(meant);
});

test("a name that is near to none has no nearest", () => {
  expect(nearestName("BANANA", ["MQTT_URL", "ROUTER_WAKE_WINDOW_SEC"])).toBeUndefined();
});

test("the edit distance is 0 only for equal texts, symmetric, and at most the longer length", () => {
  const text = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      const distance = editDistance(a, b);
      expect(distance === 0).toBe(a === b);
      expect(editDistance(b, a)).toBe(distance);
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});
