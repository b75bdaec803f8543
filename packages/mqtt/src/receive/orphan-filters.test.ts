import fc from "fast-check";
import { expect, test } from "vitest";
import { matches } from "../contract/index.ts";
import { filtersCovering } from "./orphan-filters.ts";

test("the filters of a topic of two levels are all that MQTT knows", () => {
  const filters = filtersCovering("a/b");

  expect([...(filters ?? [])].sort()).toEqual(
    ["#", "a/#", "+/#", "a/b/#", "a/+/#", "+/b/#", "+/+/#", "a/b", "a/+", "+/b", "+/+"].sort(),
  );
});

test("a topic of the broker's own is covered by no filter that begins with a wildcard", () => {
  const filters = filtersCovering("$SYS/load") ?? [];

  expect(filters).toContain("$SYS/+");
  expect(filters.filter((filter) => /^[+#]/.test(filter))).toEqual([]);
});

test("a topic of more than six levels has no list", () => {
  expect(filtersCovering("1/2/3/4/5/6")?.length).toBeLessThanOrEqual(3 * 2 ** 6);
  expect(filtersCovering("1/2/3/4/5/6/7")).toBeUndefined();
});

const level = fc.constantFrom("a", "b", "", "x y");
const topics = fc.array(level, { minLength: 1, maxLength: 6 }).map((levels) => levels.join("/"));

test("every filter listed covers the topic, and none is listed twice", () => {
  fc.assert(
    fc.property(topics.filter(Boolean), (topic) => {
      const filters = filtersCovering(topic) ?? [];

      expect(filters.filter((filter) => !matches(filter, topic))).toEqual([]);
      expect(new Set(filters).size).toBe(filters.length);
    }),
  );
});

test("every filter that covers the topic is listed", () => {
  const filterLevel = fc.constantFrom("a", "b", "", "x y", "+", "#");
  const filters = fc.array(filterLevel, { minLength: 1, maxLength: 7 }).filter((levels) => {
    const hash = levels.indexOf("#");
    return levels.join("/") !== "" && (hash < 0 || hash === levels.length - 1);
  });
  fc.assert(
    fc.property(topics.filter(Boolean), filters, (topic, levels) => {
      const filter = levels.join("/");

      expect(filtersCovering(topic)?.includes(filter)).toBe(matches(filter, topic));
    }),
    { numRuns: 2_000 },
  );
});
