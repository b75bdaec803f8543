import type { HealthPing } from "@ts-tars/contracts";
import type { PresenceView } from "@ts-tars/mqtt";
import { expect, test } from "vitest";
import { isAlive, noteOf, rowsOf } from "./health-view.ts";

type View = PresenceView<HealthPing>;

const ping = (fields: Partial<HealthPing> = {}): HealthPing => ({
  ok: true,
  event: "ready",
  session: "s1",
  pid: 7,
  ...fields,
});
const viewOf = (kind: "alive" | "unverified" | "unknown" | "lost", fields: Partial<HealthPing> = {}): View => ({
  kind,
  value: ping(fields),
  session: "s1",
  heardAtMs: 0,
});
const routerIs = (view: View): ReadonlyMap<string, View> => new Map([["router", view]]);
const nobody = { expected: [], isAlive: () => false };

test.each([
  ["alive", "verified", true],
  ["unverified", "unverified", true],
  ["unknown", "unknown", false],
  ["lost", "lost", false],
] as const)("a service whose presence is %s is shown as %s; ok: %s", (kind, session_state, ok) => {
  expect(rowsOf(routerIs(viewOf(kind)), nobody)).toMatchObject([{ service: "router", session_state, ok }]);
});

test("a process of that pid on this machine verifies a retained value", () => {
  const [row] = rowsOf(routerIs(viewOf("unverified")), {
    expected: [],
    isAlive: (service, pid) => service === "router" && pid === 7,
  });

  expect(row?.session_state).toBe("verified");
});

test.each([
  [{ ok: true }, true],
  [{ ok: false, event: "starting" }, true],
  [{ ok: false, event: "control_down" }, true],
  [{ ok: false, event: "lost" }, false],
  [{ ok: false, event: "shutdown" }, false],
  [{ ok: false }, false],
])("what says %j lives: %s", (health, lives) => {
  expect(isAlive(health)).toBe(lives);
});

test("an expected service that never spoke is silent and not ok, and stands in its place", () => {
  const rows = rowsOf(routerIs(viewOf("alive")), { expected: ["llm-worker", "router"], isAlive: () => false });

  expect(rows.map(({ service, ok, session_state }) => [service, ok, session_state])).toEqual([
    ["llm-worker", false, "silent"],
    ["router", true, "verified"],
  ]);
});

test("the note shows the engine and what is degraded, or what is wrong", () => {
  const degraded = viewOf("alive", { degraded: ["No voice. Install espeak-ng."], detail: { engine: "null" } });
  const broken = viewOf("alive", { ok: false, event: "control_down", err: "The control link is down." });

  expect(rowsOf(routerIs(degraded), nobody).map(noteOf)).toEqual(["null; No voice. Install espeak-ng."]);
  expect(rowsOf(routerIs(broken), nobody).map(noteOf)).toEqual(["The control link is down."]);
});
