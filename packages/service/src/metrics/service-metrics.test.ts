import type { ClientState } from "@ts-tars/mqtt";
import { expect, test } from "vitest";
import { serviceMetrics } from "./service-metrics.ts";

const HEALTH = { ok: true, event: "ready", boot: "b", version: "1", pid: 1 };
const UP: ClientState = {
  kind: "up",
  url: "mqtt://box",
  protocol: "5",
  sessionPresent: false,
  control: "down",
  epoch: 3,
};

/** What the service tells of itself, without help texts. */
async function figures(
  metrics: ReturnType<typeof serviceMetrics>,
  view: Parameters<typeof metrics.text>[0],
): Promise<readonly string[]> {
  const lines = (await metrics.text(view)).split("\n");
  return lines.filter((line) => line.startsWith("ts_tars_service_") && !line.startsWith("ts_tars_service_info"));
}

test("the figures follow the health and the connection, and what is not known is not told", async () => {
  const metrics = serviceMetrics("parrot");

  const connected = await figures(metrics, { health: HEALTH, client: UP });
  const lost = await figures(metrics, {
    health: { ...HEALTH, ok: false, degraded: ["No voice.", "No ear."] },
    client: { kind: "connecting", attempt: 2, url: "mqtt://box" },
  });

  expect(connected).toEqual([
    'ts_tars_service_healthy{service="parrot"} 1',
    'ts_tars_service_complaints{service="parrot"} 0',
    'ts_tars_service_connected{service="parrot"} 1',
    'ts_tars_service_control_up{service="parrot"} 0',
    'ts_tars_service_connection_number{service="parrot"} 3',
  ]);
  expect(lost).toEqual([
    'ts_tars_service_healthy{service="parrot"} 0',
    'ts_tars_service_complaints{service="parrot"} 2',
    'ts_tars_service_connected{service="parrot"} 0',
    'ts_tars_service_control_up{service="parrot"} 0',
  ]);
});

test("several services in one process tell of the process once each, in a text that names no metric twice", async () => {
  const texts = [serviceMetrics("parrot"), serviceMetrics("owl")].map(({ text }) =>
    text({ health: HEALTH, client: UP }),
  );

  for (const text of await Promise.all(texts)) {
    const named = [...text.matchAll(/^# TYPE (\S+)/gmu)].map(([, name]) => name);
    expect(named).toContain("nodejs_eventloop_lag_p99_seconds");
    expect(new Set(named).size).toBe(named.length);
  }
});
