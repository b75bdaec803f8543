import type { Hooks, Labels } from "@ts-tars/mqtt";
import { Counter, Gauge, Histogram, type Metric, type Registry, register } from "prom-client";
import { COUNTERS, DURATIONS, GAUGES, type Measurement } from "../catalogue.ts";
import { prometheusName } from "../prometheus-names.ts";
import { SERIES_MAX, SeriesLimit } from "../series-limit.ts";

/** How the figures are kept. */
export interface PrometheusOptions {
  /** Combinations of labels of one measurement; what comes beyond is called `other`. Default 500. */
  readonly maxSeries?: number;
}

const MS_PER_SEC = 1_000;

/**
 * The client's measurements as metrics of `prom-client`, `ts_tars_mqtt_…`, in this registry (default: the library's own). All of them
 * are registered at once, so that what has not happened yet is known too. Clients that share a registry are counted together.
 */
export function prometheusHooks(
  registry: Registry = register,
  { maxSeries = SERIES_MAX }: PrometheusOptions = {},
): Required<Pick<Hooks, "onCounter" | "onGauge" | "onDuration">> {
  const limit = new SeriesLimit(maxSeries);
  const registers = [registry];
  const counters = metricsOf(COUNTERS, ({ help, labels }, key) => {
    const name = prometheusName("counter", key);
    return known(registry, name, Counter) ?? new Counter({ name, help, labelNames: Object.keys(labels), registers });
  });
  const gauges = metricsOf(GAUGES, ({ help, labels }, key) => {
    const name = prometheusName("gauge", key);
    return known(registry, name, Gauge) ?? new Gauge({ name, help, labelNames: Object.keys(labels), registers });
  });
  const durations = metricsOf(DURATIONS, ({ help, labels, boundsMs }, key) => {
    const name = prometheusName("duration", key);
    const buckets = boundsMs.map((ms) => ms / MS_PER_SEC);
    const labelNames = Object.keys(labels);
    return known(registry, name, Histogram) ?? new Histogram({ name, help, labelNames, buckets, registers });
  });
  const admitted = (name: string, labels: Labels): Labels => limit.admit(name, labels);
  return {
    onCounter: (name, delta, labels) => counters.get(name)?.inc(admitted(name, labels), delta),
    onGauge: (name, value, labels) => gauges.get(name)?.set(admitted(name, labels), value),
    onDuration: (name, durationMs, labels) => {
      durations.get(name)?.observe(admitted(name, labels), durationMs / MS_PER_SEC);
    },
  };
}

function metricsOf<Described extends Measurement, Made>(
  catalogue: Readonly<Record<string, Described>>,
  make: (described: Described, key: string) => Made,
): ReadonlyMap<string, Made> {
  return new Map(Object.entries(catalogue).map(([key, described]) => [key, make(described, key)]));
}

/** The metric that another client made under this name. */
function known<Made extends Metric>(
  registry: Registry,
  name: string,
  kind: new (...parts: never[]) => Made,
): Made | undefined {
  const metric = registry.getSingleMetric(name);
  return metric instanceof kind ? metric : undefined;
}
