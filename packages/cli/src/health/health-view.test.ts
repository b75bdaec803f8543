import type { HealthPing } from "@ts-tars/contracts";
import { expect, test } from "vitest";
import { type HealthHeard, hear, noteOf, rowsOf, UNHEARD } from "./health-view.ts";

const health = (fields: Partial<HealthPing> = {}): HealthPing => ({
  ok: true,
  event: "ready",
  session: "s1",
  pid: 7,
  ...fields,
});
const heard = (fields: Partial<HealthPing>, isRetained = false): HealthHeard => ({
  service: "router",
  health: health(fields),
  isRetained,
});
const nobody = { expected: [], isAlive: () => false };
const stateAfter = (...messages: HealthHeard[]) => rowsOf(messages.reduce(hear, UNHEARD), nobody)[0]?.session_state;

test("a retained value alone is unverified", () => {
  expect(stateAfter(heard({}, true))).toBe("unverified");
});

test("a live message of the session verifies it", () => {
  expect(stateAfter(heard({}, true), heard({}))).toBe("verified");
});

test("a process of that pid on this machine verifies it too", () => {
  const view = hear(UNHEARD, heard({}, true));

  const [row] = rowsOf(view, { expected: [], isAlive: (service, pid) => service === "router" && pid === 7 });

  expect(row?.session_state).toBe("verified");
});

test("a retained value of another session is unverified again", () => {
  expect(stateAfter(heard({}), heard({ session: "s2" }, true))).toBe("unverified");
});

test.each(["lost", "shutdown"])("a service that said %s is lost", (event) => {
  expect(stateAfter(heard({ ok: false, event }))).toBe("lost");
});

test("an expected service that never spoke is silent and not ok, and stands in its place", () => {
  const rows = rowsOf(hear(UNHEARD, heard({})), { expected: ["llm-worker", "router"], isAlive: () => false });

  expect(rows.map(({ service, ok, session_state }) => [service, ok, session_state])).toEqual([
    ["llm-worker", false, "silent"],
    ["router", true, "verified"],
  ]);
});

test("the note shows the engine and what is degraded, or what is wrong", () => {
  const degraded = hear(UNHEARD, heard({ degraded: ["No voice. Install espeak-ng."], detail: { engine: "null" } }));
  const broken = hear(UNHEARD, heard({ ok: false, event: "control_down", err: "The control link is down." }));

  expect(rowsOf(degraded, nobody).map(noteOf)).toEqual(["null; No voice. Install espeak-ng."]);
  expect(rowsOf(broken, nobody).map(noteOf)).toEqual(["The control link is down."]);
});
