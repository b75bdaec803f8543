import { ABSENT, type PresenceView } from "@ts-tars/mqtt";
import fc from "fast-check";
import { expect, test } from "vitest";
import { groupReplicas } from "./group-replicas.ts";

type View = PresenceView<string>;

const KINDS = ["alive", "unverified", "unknown", "lost"] as const;
const viewOf = (kind: (typeof KINDS)[number], value = "v"): View => ({ kind, value, session: "s", heardAtMs: 0 });
const bestOf = (views: Readonly<Record<string, View>>, service = "arm"): View | undefined =>
  groupReplicas(new Map(Object.entries(views))).get(service)?.best;

test("a service is there as long as any of its replicas is, whatever the others are", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 64 }), { minLength: 1 }), fc.nat(), (numbers, draw) => {
      const others = numbers.map((number, index) => [
        `arm.${number}`,
        viewOf(KINDS[(draw + index) % 3 || 3] ?? "lost"),
      ]);

      const views = { ...Object.fromEntries(others), [`arm.${numbers[draw % numbers.length]}`]: viewOf("alive") };

      expect(bestOf(views)?.kind).toBe("alive");
    }),
  );
});

test("where none is alive the most certain one counts: a retained word before silence, silence before an end", () => {
  const all = { "arm.1": viewOf("lost"), "arm.2": viewOf("unknown"), "arm.3": viewOf("unverified") };
  const { "arm.3": _third, ...two } = all;

  expect([bestOf(all)?.kind, bestOf(two)?.kind, bestOf({ arm: ABSENT })?.kind]).toEqual([
    "unverified",
    "unknown",
    "absent",
  ]);
});

test("the replicas of a service stand together by their number, and apart from other services", () => {
  const views = ["arm.10", "leg", "arm.9", "arm", "arm.x"].map((name) => [name, viewOf("alive", name)] as const);

  const groups = groupReplicas(new Map(views));

  expect([...groups].map(([service, { instances }]) => [service, [...instances.keys()]])).toEqual([
    ["arm", ["arm", "arm.9", "arm.10"]],
    ["leg", ["leg"]],
    ["arm.x", ["arm.x"]],
  ]);
});
