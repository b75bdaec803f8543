export { type PrometheusOptions, prometheusHooks } from "./prometheus-hooks.ts";
