import { expect, test } from "vitest";
import { type Subscriber, SubscriptionTable, subscribeEntryOf, withoutShare } from "./subscription-table.ts";

const subscriber = (filter: string, parts: Partial<Subscriber> = {}): Subscriber => ({
  filter,
  qos: 1,
  wantsRetained: false,
  ...parts,
});

/** A table of these filters; each subscriber is found by its place in the list. */
function tableOf(...filters: readonly string[]) {
  const table = new SubscriptionTable<Subscriber>();
  const subscribers = filters.map((filter) => subscriber(filter));
  const ids = subscribers.map((each) => table.add(each).id);
  const matched = (topic: string, subscriptionIds: readonly number[] = []): readonly string[] =>
    table.match(topic, subscriptionIds).map(({ filter }) => filter);
  return { table, subscribers, ids, matched };
}

test("without identifiers a packet is for every filter that matches by the rules of MQTT", () => {
  const { matched } = tableOf("a/#", "a/+", "a/b", "+/b", "b/#", "#");

  expect([...matched("a/b")].sort()).toEqual(["#", "+/b", "a/#", "a/+", "a/b"]);
  expect(matched("$SYS/a")).toEqual([]);
});

test("with identifiers a packet is for the filters they name, and for no other that matches", () => {
  const { matched, ids } = tableOf("a/#", "a/b", "a/+");

  expect(matched("a/b", [ids[1] ?? 0])).toEqual(["a/b"]);
  expect(matched("a/b", [ids[0] ?? 0, ids[2] ?? 0])).toEqual(["a/#", "a/+"]);
});

test("a packet with an identifier we do not know, or one of a filter that does not match, is for nobody", () => {
  const { matched, ids } = tableOf("a/#", "b/#");

  expect(matched("a/b", [7])).toEqual([]);
  expect(matched("a/b", [ids[1] ?? 0])).toEqual([]);
});

test("a filter has the same identifier in every process life", () => {
  const [first, second] = [tableOf("x", "a/#").ids[1], tableOf("a/#").ids[0]];

  expect(first).toBe(second);
});

test("identifiers are unique and within what MQTT allows", () => {
  const { ids } = tableOf(...Array.from({ length: 500 }, (_, n) => `topic/${n}`));

  expect(new Set(ids).size).toBe(500);
  expect(Math.min(...ids)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...ids)).toBeLessThanOrEqual(268_435_455);
});

test("subscribers of one filter share one entry, and the broker is left only when the last one goes", () => {
  const { table, subscribers, ids, matched } = tableOf("a/b", "a/b");
  const [first, second] = subscribers;
  if (first === undefined || second === undefined) throw new Error("two were added");

  const afterOne = [table.remove(first), matched("a/b").length, table.has("a/b")];
  const afterTwo = [table.remove(second), matched("a/b").length, table.has("a/b")];

  expect(ids[0]).toBe(ids[1]);
  expect(table.all()).toEqual([]);
  expect([afterOne, afterTwo]).toEqual([
    [undefined, 1, true],
    ["a/b", 0, false],
  ]);
});

test("removing what is not there asks for nothing", () => {
  const { table, subscribers } = tableOf("a/b");
  const [only] = subscribers;
  if (only !== undefined) table.remove(only);

  expect([table.remove(subscriber("a/b")), table.remove(subscriber("c"))]).toEqual([undefined, undefined]);
});

test("a shared filter covers what its plain one does, beside the plain one itself", () => {
  const { matched, ids } = tableOf("$share/g/a/#", "a/#");

  expect(withoutShare("$share/g/a/#")).toBe("a/#");
  expect([...matched("a/b")].sort()).toEqual(["$share/g/a/#", "a/#"]);
  expect(matched("a/b", [ids[0] ?? 0])).toEqual(["$share/g/a/#"]);
});

test("one SUBSCRIBE serves all subscribers of a filter: the highest QoS, and retained values if one wants them", () => {
  const table = new SubscriptionTable<Subscriber>();
  const quiet = table.add(subscriber("a", { qos: 0 }));
  const alone = subscribeEntryOf(quiet, { withIds: true });

  const wanted = table.add(subscriber("a", { qos: 1, wantsRetained: true }));

  expect(alone).toEqual({ filter: "a", qos: 0, retainHandling: 2, subscriptionId: quiet.id });
  expect(subscribeEntryOf(wanted, { withIds: false })).toEqual({
    filter: "a",
    qos: 1,
    retainHandling: 0,
    subscriptionId: undefined,
  });
});

test("an answer that was given before is another one when a subscription came or went", () => {
  const { table, subscribers, matched } = tableOf("a/+");
  const late = subscriber("a/b");

  const before = matched("a/b");
  table.add(late);
  const withLate = matched("a/b");
  for (const gone of [late, ...subscribers]) table.remove(gone);

  expect([before, withLate, matched("a/b")]).toEqual([["a/+"], ["a/b", "a/+"], []]);
});

test("the same topic under another identifier is another question", () => {
  const { matched, ids } = tableOf("a/#", "a/b");

  expect([[ids[0] ?? 0], [ids[1] ?? 0], [ids[0] ?? 0], []].map((named) => matched("a/b", named))).toEqual([
    ["a/#"],
    ["a/b"],
    ["a/#"],
    ["a/#", "a/b"],
  ]);
});

test("more topics than are remembered are all matched", () => {
  const { matched } = tableOf("a/+");

  const missed = Array.from({ length: 10_000 }, (_, n) => matched(`a/${n}`)).filter(({ length }) => length !== 1);

  expect(missed).toEqual([]);
});
