import { HealthPing } from "@ts-tars/contracts";
import { expect, test } from "vitest";
import {
  CONTROL_DOWN_LIMIT_MS,
  farewell,
  markControl,
  markHung,
  markLack,
  markReady,
  mergeDetail,
  report,
  STARTING,
} from "./health-state.ts";

const ME = { boot: "b0", version: "1.0.0", pid: 7 };
const DEGRADED = markReady(markLack(STARTING, "voice", { reason: "No voice.", remedy: "apt install espeak-ng" }));
const READY = markReady(STARTING);

test("a service that starts is not healthy until it is ready", () => {
  expect(report(STARTING, ME, 0)).toMatchObject({ ok: false, event: "starting" });
  expect(report(READY, ME, 0)).toMatchObject({ ok: true, event: "ready", boot: "b0", version: "1.0.0" });
});

test("being ready does not hide what degraded the service while it started", () => {
  expect(report(DEGRADED, ME, 0).event).toBe("degraded");
});

test("a degraded service stays healthy and names reason and remedy", () => {
  expect(report(DEGRADED, ME, 0)).toMatchObject({
    ok: true,
    event: "degraded",
    degraded: ["No voice. apt install espeak-ng"],
    pid: 7,
  });
});

test("each part of a service has its own complaint, and is well again by itself", () => {
  const twice = markLack(DEGRADED, "ears", { reason: "No microphone.", remedy: "Plug one in." });

  expect(report(twice, ME, 0).degraded).toEqual(["No voice. apt install espeak-ng", "No microphone. Plug one in."]);
  expect(report(markLack(twice, "voice", undefined), ME, 0).degraded).toEqual(["No microphone. Plug one in."]);
  expect(report(markLack(DEGRADED, "voice", undefined), ME, 0)).not.toHaveProperty("degraded");
});

test("a control link down for ten seconds makes the service unhealthy, counted from its first loss", () => {
  const down = markControl(markControl(READY, "down", 1_000), "down", 9_000);

  expect(report(down, ME, 1_000 + CONTROL_DOWN_LIMIT_MS - 1).ok).toBe(true);
  expect(report(down, ME, 1_000 + CONTROL_DOWN_LIMIT_MS)).toMatchObject({ ok: false, event: "control_down" });
});

test("a control link that came back makes the service healthy again", () => {
  const back = markControl(markControl(READY, "down", 0), "up", 20_000);

  expect(report(back, ME, 20_000).ok).toBe(true);
});

test("every report and farewell keeps the contract, also with a reason that is far too long", () => {
  const wordy = markLack(READY, "", { reason: "x".repeat(600), remedy: "Wait." });
  const identity = { ...ME, boot: "0".repeat(32) };

  for (const message of [report(STARTING, identity, 0), report(wordy, identity, 0), farewell(identity, "lost")]) {
    expect(HealthPing.parse(message)).toEqual(message);
  }
});

test("details merge, and undefined removes one", () => {
  const state = mergeDetail(mergeDetail(READY, { engine: "espeak-ng", voice: "en" }), { voice: undefined, queued: 2 });

  expect(report(state, ME, 0).detail).toEqual({ engine: "espeak-ng", queued: 2 });
});

test("the last will and the orderly end differ in their event", () => {
  expect(farewell(ME, "lost")).toMatchObject({ ok: false, event: "lost" });
  expect(farewell(ME, "shutdown")).toMatchObject({ ok: false, event: "shutdown" });
});

test("handlers that never returned degrade the service, beside what it says itself, until it is restarted", () => {
  expect(report(markHung(READY, 2), ME, 0)).toMatchObject({
    ok: true,
    event: "degraded",
    degraded: [expect.stringContaining("2 of its handlers never returned")],
  });
  const both = markHung(DEGRADED, 1);
  expect(report(both, ME, 0).degraded).toHaveLength(2);
  expect(report(markHung(READY, 0), ME, 0)).toMatchObject({ event: "ready" });
});
