import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { COUNTERS, DURATIONS, GAUGES } from "../catalogue.ts";
import { prometheusHooks } from "./prometheus-hooks.ts";

/** The lines of a scrape that are figures of this metric. */
async function figures(registry: Registry, name: string): Promise<readonly string[]> {
  const lines = (await registry.metrics()).split("\n");
  return lines.filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
}

test("what is counted, gauged and timed is read from the registry, durations in seconds", async () => {
  const registry = new Registry();
  const hooks = prometheusHooks(registry);

  hooks.onCounter("messages_published", 1, { topic: "tts/say" });
  hooks.onCounter("messages_published", 2, { topic: "tts/say" });
  hooks.onGauge("state_failing", 1, { file: "outbox" });
  hooks.onDuration("handle_ms", 40, { topic: "tts/say" });
  hooks.onDuration("handle_ms", 400, { topic: "tts/say" });

  expect(await figures(registry, "ts_tars_mqtt_messages_published_total")).toEqual([
    'ts_tars_mqtt_messages_published_total{topic="tts/say"} 3',
  ]);
  expect(await figures(registry, "ts_tars_mqtt_state_failing")).toEqual([
    'ts_tars_mqtt_state_failing{file="outbox"} 1',
  ]);
  expect(await figures(registry, "ts_tars_mqtt_handle_seconds_sum")).toEqual([
    'ts_tars_mqtt_handle_seconds_sum{topic="tts/say"} 0.44',
  ]);
  const buckets = await figures(registry, "ts_tars_mqtt_handle_seconds_bucket");
  expect(buckets).toContain('ts_tars_mqtt_handle_seconds_bucket{le="0.05",topic="tts/say"} 1');
  expect(buckets).toContain('ts_tars_mqtt_handle_seconds_bucket{le="0.5",topic="tts/say"} 2');
});

test("every measurement takes its own labels, and is known before it was ever measured", async () => {
  const registry = new Registry();
  const hooks = prometheusHooks(registry);
  const all = { ...COUNTERS, ...GAUGES, ...DURATIONS };
  expect(registry.getMetricsAsArray()).toHaveLength(Object.keys(all).length);
  const labelsOf = (labels: object) => Object.fromEntries(Object.keys(labels).map((label) => [label, "a"]));

  for (const [name, { labels }] of Object.entries(COUNTERS)) hooks.onCounter(name, 1, labelsOf(labels));
  for (const [name, { labels }] of Object.entries(GAUGES)) hooks.onGauge(name, 1, labelsOf(labels));
  for (const [name, { labels }] of Object.entries(DURATIONS)) hooks.onDuration(name, 1, labelsOf(labels));

  const metrics = await registry.getMetricsAsJSON();
  const values = metrics.flatMap((metric) => metric.values.slice(-1));
  expect(values.map(({ value }) => value)).toEqual(metrics.map(() => 1));
});

test("clients that share a registry are counted together", async () => {
  const registry = new Registry();
  const [first, second] = [prometheusHooks(registry), prometheusHooks(registry)];

  first.onCounter("orphans", 1, {});
  second.onCounter("orphans", 1, {});

  expect(await figures(registry, "ts_tars_mqtt_orphans_total")).toEqual(["ts_tars_mqtt_orphans_total 2"]);
});

test("a program that makes up topics as it goes makes no more series than the limit", async () => {
  const registry = new Registry();
  const hooks = prometheusHooks(registry, { maxSeries: 3 });

  for (let room = 0; room < 100; room += 1) hooks.onCounter("messages_published", 1, { topic: `room/${room}` });

  expect(await figures(registry, "ts_tars_mqtt_messages_published_total")).toEqual([
    'ts_tars_mqtt_messages_published_total{topic="room/0"} 1',
    'ts_tars_mqtt_messages_published_total{topic="room/1"} 1',
    'ts_tars_mqtt_messages_published_total{topic="room/2"} 1',
    'ts_tars_mqtt_messages_published_total{topic="other"} 97',
  ]);
});

test("a measurement of a later client is passed over", async () => {
  const registry = new Registry();
  const hooks = prometheusHooks(registry);
  const before = await registry.metrics();

  hooks.onCounter("wonders", 1, { topic: "a" });

  expect(await registry.metrics()).toBe(before);
});
