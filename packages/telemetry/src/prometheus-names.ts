/** What the measurements are called at Prometheus: counters end in `_total`, durations are in seconds. Pure. */
import { COUNTERS, DURATIONS, GAUGES, type Measurement } from "./catalogue.ts";

const PREFIX = "ts_tars_mqtt_";

/** `publish_ms` → `ts_tars_mqtt_publish_seconds`. */
export function prometheusName(kind: "counter" | "gauge" | "duration", name: string): string {
  switch (kind) {
    case "counter":
      return `${PREFIX}${name}_total`;
    case "gauge":
      return PREFIX + name;
    case "duration":
      return PREFIX + name.replace(/_ms$/u, "_seconds");
  }
}

/** Every measurement with its name at Prometheus, in the order of the catalogue. */
export function describe(): readonly (Measurement & { readonly name: string; readonly type: string })[] {
  const named = (kind: "counter" | "gauge" | "duration", type: string, all: Readonly<Record<string, Measurement>>) =>
    Object.entries(all).map(([name, { help, labels }]) => ({ name: prometheusName(kind, name), type, help, labels }));
  return [
    ...named("counter", "counter", COUNTERS),
    ...named("gauge", "gauge", GAUGES),
    ...named("duration", "histogram", DURATIONS),
  ];
}
