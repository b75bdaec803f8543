import type { Meter, MetricOptions } from "@opentelemetry/api";
import type { Hooks, Labels } from "@ts-tars/mqtt";
import { COUNTERS, DURATIONS, GAUGES, type Measurement } from "../catalogue.ts";
import { SeriesLimit } from "../series-limit.ts";
import { instrumentOf, labelAttributes } from "./conventions.ts";

const MS_PER_SEC = 1_000;

/** The hooks that have this meter keep the figures; durations in seconds, as the conventions want them. */
export function measurementHooks(
  meter: Meter,
  maxSeries: number,
): Required<Pick<Hooks, "onCounter" | "onGauge" | "onDuration">> {
  const limit = new SeriesLimit(maxSeries);
  const counters = instruments(COUNTERS, (name, { help }) => meter.createCounter(name, { description: help }));
  const gauges = instruments(GAUGES, (name, { help }) => meter.createGauge(name, { description: help }));
  const durations = instruments(DURATIONS, (name, { help, boundsMs }) => {
    const explicitBucketBoundaries = boundsMs.map((ms) => ms / MS_PER_SEC);
    const options: MetricOptions = { description: help, unit: "s", advice: { explicitBucketBoundaries } };
    return meter.createHistogram(name, options);
  });
  const attributesOf = (measurement: string, labels: Labels) => ({
    ...instrumentOf(measurement).attributes,
    ...labelAttributes(limit.admit(measurement, labels)),
  });
  return {
    onCounter: (name, delta, labels) => counters.get(name)?.add(delta, attributesOf(name, labels)),
    onGauge: (name, value, labels) => gauges.get(name)?.record(value, attributesOf(name, labels)),
    onDuration: (name, durationMs, labels) => {
      durations.get(name)?.record(durationMs / MS_PER_SEC, attributesOf(name, labels));
    },
  };
}

function instruments<Described extends Measurement, Made>(
  catalogue: Readonly<Record<string, Described>>,
  make: (name: string, described: Described) => Made,
): ReadonlyMap<string, Made> {
  const entries = Object.entries(catalogue);
  return new Map(entries.map(([key, described]) => [key, make(instrumentOf(key).name, described)]));
}
