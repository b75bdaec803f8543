import { expect, test } from "vitest";
import { changeInWords, renderStatus, type StatusRow } from "./status-lines.ts";
import { BEGUN } from "./supervision.ts";

const NONE = { atMs: [], count: 0 };
const BROKER = { kind: "mosquitto", url: "mqtt://127.0.0.1:1", pid: 2 };
const row = (state: StatusRow["state"], health?: StatusRow["health"]): StatusRow => ({
  name: "router",
  what: "conducts",
  state,
  pid: 7,
  health,
});
const HEALTH = {
  service: "router",
  replica_of: undefined,
  ok: true,
  event: "ready",
  err: undefined,
  pid: 7,
  version: "1",
  boot: undefined,
  session: undefined,
  session_state: "verified",
  degraded: ["No voice. Install espeak-ng."],
  control: "up",
  detail: { engine: "null" },
} as const;

test("the table tells what runs where, and the remedy of what is degraded", () => {
  const text = renderStatus(BROKER, [row({ kind: "running", crashes: NONE }, HEALTH)]);

  expect(text.split("\n")).toEqual([
    "what    role       where                     state     engine",
    "broker  mosquitto  mqtt://127.0.0.1:1 pid 2  running",
    "router  conducts   pid 7                     degraded  null",
    "– router: No voice. Install espeak-ng.",
  ]);
});

test.each([
  ["http://127.0.0.1:9400/metrics", "  figures of router: http://127.0.0.1:9400/metrics"],
  ["off: the port is taken", "  no figures of router: off: the port is taken"],
])("below the table it says where the figures of a service are: %s", (metrics, line) => {
  const health = { ...HEALTH, degraded: [], detail: { metrics } };

  const lines = renderStatus(BROKER, [row({ kind: "running", crashes: NONE }, health)]).split("\n");

  expect(lines.slice(3)).toEqual([line]);
});

test("what an earlier process said is not shown for this one", () => {
  const text = renderStatus(BROKER, [row({ kind: "running", crashes: NONE }, { ...HEALTH, pid: 6 })]);

  expect(text).not.toContain("espeak-ng");
});

test("a service that was given up is shown as down, and its whole cause below", () => {
  const text = renderStatus(BROKER, [row({ kind: "down", cause: "wrong settings:\n- A" })]);

  expect(text).toMatch(/^router .* DOWN$/mu);
  expect(text).toMatch(/\n✗ router: wrong settings:\n- A$/u);
});

test.each([
  [{ kind: "running", crashes: NONE } as const, "router is ready (pid 7)"],
  [
    { kind: "waiting", crashes: NONE, delayMs: 1_400, cause: "killed by SIGKILL" } as const,
    "router: killed by SIGKILL; it starts again in 1.4 s",
  ],
  [{ kind: "down", cause: "wrong settings" } as const, "router is left down: wrong settings"],
  [BEGUN, undefined],
])("%j is told as %s", (state, words) => {
  expect(changeInWords(row(state))).toBe(words);
});
