import { describe, expect, it } from "vitest";
import { systemHealth, systemKeepalive } from "./index.ts";
import { type Case, expectOutcome, reads, refuses, strips } from "./parity.fixture.ts";

const CASES: readonly Case[] = [
  ["whether it is well is required", systemHealth, { event: "ready" }, refuses("ok")],
  ["whether it is well is yes or no", systemHealth, { ok: "yes" }, refuses("ok")],
  ["nothing else is (the reference fills in the time; ours has it around it)", systemHealth, { ok: true }],
  ["event and error may be null", systemHealth, { ok: true, event: null, err: null }, reads({ ok: true })],
  ["an error is a text in the member err", systemHealth, { ok: false, event: "error", err: "no microphone" }],
  ["id and time are carried", systemHealth, { ok: true, message_id: "m1", timestamp: 1_731_000_000.5 }],
  [
    "a member that is none is left out (the reference refuses all)",
    systemHealth,
    { ok: true, x: 1 },
    strips({ ok: true }),
  ],
  [
    "a heartbeat says ok, heartbeat and the time, bare",
    systemKeepalive,
    { ok: true, event: "heartbeat", timestamp: 1 },
  ],
  ["another bare word is no heartbeat", systemKeepalive, { ok: true, event: "ready", timestamp: 1 }, refuses("event")],
];

describe("the health's contract", () => {
  it.for(CASES)("%s", (one) => {
    expectOutcome(one);
  });

  it("the topic of a service is system/health and its name, retained", () => {
    expect(systemHealth.at({ service: "tars-tts" }).filter).toBe("system/health/tars-tts");
    expect(systemHealth.delivery).toBe("state");
  });
});
