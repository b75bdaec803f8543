export { COUNTERS, DURATIONS, type Duration, GAUGES, type Measurement } from "./catalogue.ts";
export { describe, prometheusName } from "./prometheus-names.ts";
