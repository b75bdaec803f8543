import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defineTopic } from "./define-topic.ts";
import { FilterTrie } from "./filter-trie.ts";
import { anySchema } from "./schemas.fixture.ts";
import { isValidFilter, isValidTopicName, matches, paramsOf } from "./topic-filter.ts";

const level = fc.constantFrom("a", "b", "c", "", "$SYS", "ä");
const topic = fc.array(level, { minLength: 1, maxLength: 5 }).map((levels) => levels.join("/"));
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant("+")), { minLength: 1, maxLength: 5 }), fc.boolean())
  .map(([levels, isOpen]) => [...levels, ...(isOpen ? ["#"] : [])].join("/"));

describe("matching of topics against filters", () => {
  it.each([
    // The reference's table of wrong answers: topic, filter, what MQTT says.
    ["sensors/a", "sensor/#", false],
    ["system/healthy", "system/health/#", false],
    ["a/b/c", "a/+/#", true],
    ["a/b/c", "+/b/#", true],
    ["sensor", "sensor/#", true],
    ["$SYS/x", "#", false],
    ["a/", "a/+", true],
    ["a", "a/+", false],
    // More from the standard, section 4.7.
    ["$SYS/x", "+/x", false],
    ["$SYS/x", "$SYS/#", true],
    ["$SYS/x", "$SYS/+", true],
    ["/finance", "+/+", true],
    ["/finance", "/+", true],
    ["/finance", "+", false],
    ["sport/tennis/player1", "sport/tennis/player1/#", true],
    ["sport/tennis/player1/score", "sport/tennis/+", false],
    ["a/b", "a/b/c", false],
    ["A", "a", false],
    ["a/$x", "a/+", true],
  ])("gives the standard's answer for %s and %s: %s", (concrete, wanted, answer) => {
    expect(matches(wanted, concrete)).toBe(answer);

    const trie = new FilterTrie<string>();
    trie.add(wanted, "found");
    expect(trie.match(concrete)).toEqual(answer ? ["found"] : []);
  });

  it("covers every topic that does not begin with $ by a lone #", () => {
    fc.assert(fc.property(topic, (concrete) => matches("#", concrete) === !concrete.startsWith("$")));
  });

  it("covers a topic by itself with any of its levels replaced by +, unless that hides a leading $", () => {
    fc.assert(
      fc.property(topic, fc.nat(4), (concrete, index) => {
        const wanted = concrete
          .split("/")
          .with(index % concrete.split("/").length, "+")
          .join("/");
        const hidesDollar = concrete.startsWith("$") && wanted.startsWith("+");
        return matches(wanted, concrete) === !hidesDollar;
      }),
    );
  });
});

describe("validity of names and filters", () => {
  it.each(["a", "a/b", "/", "//", " ", "$SYS/x", "größe", "a".repeat(65_535)])(
    "accepts a topic name such as %#",
    (name) => {
      expect(isValidTopicName(name)).toBe(true);
      expect(isValidFilter(name)).toBe(true);
    },
  );

  it.each(["", "a\0b", "a\ud800", "\udc00a", "a".repeat(65_536), "ä".repeat(32_768)])(
    "refuses what MQTT cannot carry, case %#",
    (name) => {
      expect(isValidTopicName(name)).toBe(false);
      expect(isValidFilter(name)).toBe(false);
    },
  );

  it.each(["+", "#", "a/+", "a/#", "+/+/#", "$SYS/#"])("takes %s as a filter and not as a topic name", (wanted) => {
    expect(isValidFilter(wanted)).toBe(true);
    expect(isValidTopicName(wanted)).toBe(false);
  });

  it.each(["a+", "+a/b", "a/#/b", "a#", "#/a", "a/+b"])(
    "refuses %s, where a wildcard is not a whole level",
    (wanted) => {
      expect(isValidFilter(wanted)).toBe(false);
    },
  );
});

describe("the filter trie", () => {
  it("finds for any filters and any topic exactly what matching one by one finds", () => {
    fc.assert(
      fc.property(fc.uniqueArray(filter, { maxLength: 30 }), topic, (filters, concrete) => {
        const trie = new FilterTrie<string>();
        for (const wanted of filters) trie.add(wanted, wanted);

        expect(trie.match(concrete).sort()).toEqual(filters.filter((wanted) => matches(wanted, concrete)).sort());
      }),
    );
  });

  it("forgets what was removed and keeps the rest", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(filter, { maxLength: 20 }),
        fc.array(fc.nat(19)),
        topic,
        (filters, removed, concrete) => {
          const trie = new FilterTrie<string>();
          for (const wanted of filters) trie.add(wanted, wanted);
          const gone = new Set(removed.flatMap((index) => filters[index] ?? []));
          for (const wanted of gone) trie.remove(wanted, wanted);

          const left = filters.filter((wanted) => !gone.has(wanted));
          expect(trie.match(concrete).sort()).toEqual(left.filter((wanted) => matches(wanted, concrete)).sort());
        },
      ),
    );
  });

  it("holds several values under one filter, each once, and a value under several filters", () => {
    const trie = new FilterTrie<number>();
    trie.add("a/+", 1);
    trie.add("a/+", 2);
    trie.add("a/+", 2);
    trie.add("a/#", 1);

    expect(trie.match("a/b").sort()).toEqual([1, 1, 2]);
  });

  it("is not disturbed by removing what it does not hold", () => {
    const trie = new FilterTrie<number>();
    trie.add("a/b", 1);
    trie.remove("a", 1);
    trie.remove("a/b", 2);
    trie.remove("a/b/c", 1);

    expect(trie.match("a/b")).toEqual([1]);
  });
});

describe("the parameters of a concrete topic", () => {
  const topicOf = defineTopic({
    name: "rooms/{room}/lamps/{lamp}",
    type: "lamp",
    delivery: "event",
    payload: anySchema,
  });

  it("are its levels under the declared names, also those that are bound already", () => {
    expect(paramsOf(topicOf, "rooms/kitchen/lamps/3")).toEqual({ room: "kitchen", lamp: "3" });
    expect(paramsOf(topicOf.at({ room: "kitchen", lamp: "3" }), "rooms/kitchen/lamps/3")).toEqual({
      room: "kitchen",
      lamp: "3",
    });
  });

  it("are none for a topic without parameters", () => {
    const plain = defineTopic({ name: "lamps", type: "lamp", delivery: "event", payload: anySchema });

    expect(paramsOf(plain, "lamps")).toEqual({});
  });
});
