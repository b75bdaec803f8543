export { COUNTERS, DURATIONS, type Duration, GAUGES, type Measurement } from "./catalogue.ts";
export { type Instrument, instrumentOf } from "./opentelemetry/conventions.ts";
export { prometheusName } from "./prometheus-names.ts";
