import { systemHealth } from "@ts-tars/contracts";
import { expect, test } from "vitest";
import { clientHooks } from "./client-hooks.ts";
import { HealthReporter } from "./health-reporter.ts";

/** The hooks of a service's client, and what its next birth would say. */
function hooked() {
  const health = new HealthReporter({ identity: { boot: "0".repeat(32), version: "1.0.0", pid: 7 } });
  const presence = health.presence(systemHealth.at({ service: "parrot" }));
  health.ready();
  return { hooks: clientHooks(health), said: () => presence.birth("0".repeat(16)) };
}

test("while a state file cannot be written the service is degraded, with what it costs and what helps", () => {
  const { hooks, said } = hooked();

  hooks.onGauge("state_failing", 1, { file: "outbox" });
  hooks.onGauge("state_failing", 1, { file: "delivery" });
  const meanwhile = said();
  hooks.onGauge("state_failing", 0, { file: "delivery" });

  expect(meanwhile).toMatchObject({
    ok: true,
    event: "degraded",
    degraded: [
      expect.stringMatching(/outbox\.db cannot be written: commands .* are refused\. Free space/),
      expect.stringMatching(/delivery\.db cannot be written: .* again and again\. Free space/),
    ],
  });
  expect(said()).toMatchObject({ degraded: [expect.stringContaining("outbox.db")] });
});

test("that a damaged outbox was set aside stays in the health", () => {
  const { hooks, said } = hooked();

  hooks.onCounter("state_set_aside", 1, { file: "outbox" });
  hooks.onGauge("state_failing", 0, { file: "outbox" });

  expect(said()).toMatchObject({
    event: "degraded",
    degraded: [expect.stringMatching(/outbox\.db was damaged: .* are not sent\. Look at the file/)],
  });
});

test("handlers that never returned are told", () => {
  const { hooks, said } = hooked();

  hooks.onGauge("zombie_handlers", 2, {});

  expect(said()).toMatchObject({ degraded: [expect.stringMatching(/^2 of its handlers never returned/)] });
});

test("what is measured otherwise is nobody's illness", () => {
  const { hooks, said } = hooked();

  hooks.onGauge("outbox_messages", 1, { file: "outbox" });
  hooks.onCounter("state_set_aside", 1, { file: "delivery" });
  hooks.onCounter("messages_published", 1, { topic: "tts/say" });

  expect(said()).toMatchObject({ event: "ready" });
});
