/** What the measurements are called at Prometheus: counters end in `_total`, durations are in seconds. Pure. */
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
