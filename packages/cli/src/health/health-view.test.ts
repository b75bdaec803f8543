import type { HealthPing } from "@ts-tars/contracts";
import type { PresenceView } from "@ts-tars/mqtt";
import { groupReplicas } from "@ts-tars/service";
import { expect, test } from "vitest";
import { areAllThere, engineOf, isAlive, rowsOf, troubleOf } from "./health-view.ts";

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
const routerIs = (view: View) => groupReplicas(new Map([["router", view]]));
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

test("each replica has a row of its own, in the place of its service and by its number", () => {
  const views = new Map<string, View>([
    ["router", viewOf("alive")],
    ["llm-worker.10", viewOf("alive")],
    ["llm-worker.2", viewOf("lost")],
    ["tts-worker.1", { kind: "absent" } as const],
  ]);

  const rows = rowsOf(groupReplicas(views), { expected: ["llm-worker", "router", "tts-worker"], isAlive: () => false });

  expect(rows.map(({ service, replica_of, session_state }) => [service, replica_of, session_state])).toEqual([
    ["llm-worker.2", "llm-worker", "lost"],
    ["llm-worker.10", "llm-worker", "verified"],
    ["router", undefined, "verified"],
    ["tts-worker", undefined, "silent"],
  ]);
});

test.each([
  [{ "llm-worker.1": "lost", "llm-worker.2": "alive", router: "alive" }, true],
  [{ "llm-worker": "lost", "llm-worker.2": "alive", router: "alive" }, true],
  [{ "llm-worker.1": "lost", "llm-worker.2": "unknown", router: "alive" }, false],
  [{ "llm-worker.1": "alive", "llm-worker.2": "alive", router: "lost" }, false],
  [{}, false],
] as const)("with %j all services are there: %s", (kinds, areThere) => {
  const views = new Map(Object.entries(kinds).map(([service, kind]) => [service, viewOf(kind)]));

  expect(areAllThere(rowsOf(groupReplicas(views), nobody))).toBe(areThere);
});

test("a service is shown with its engine, and with what is degraded or wrong", () => {
  const degraded = viewOf("alive", { degraded: ["No voice. Install espeak-ng."], detail: { engine: "null" } });
  const broken = viewOf("alive", { ok: false, event: "control_down", err: "The control link is down." });

  const shown = [degraded, broken].flatMap((view) => rowsOf(routerIs(view), nobody));
  expect(shown.map(engineOf)).toEqual(["null", ""]);
  expect(shown.map(troubleOf)).toEqual(["No voice. Install espeak-ng.", "The control link is down."]);
});
