import type { Hooks } from "@ts-tars/mqtt";
import { prometheusHooks } from "@ts-tars/telemetry/prometheus";
import { Gauge, Registry } from "prom-client";
import { VERSION } from "../version.ts";
import { processFigures } from "./process-figures.ts";
import { SERVICE_FIGURES, type ServiceFigure, type ServiceView } from "./service-figures.ts";

const PREFIX = "ts_tars_service_";

/** The figures of one service. */
export interface ServiceMetrics {
  /** What the client is to tell. */
  readonly hooks: Hooks;
  /** All there is now, in the text format of Prometheus. */
  text(view: ServiceView): Promise<string>;
  readonly contentType: string;
}

/** @param service as on `system/health/{service}`: the label that all of its figures carry */
export function serviceMetrics(service: string): ServiceMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  const registers = [registry];
  const gauges = Object.entries<ServiceFigure>(SERVICE_FIGURES).map(([name, { help, read }]) => {
    return { gauge: new Gauge({ name: PREFIX + name, help, registers }), read };
  });
  const info = new Gauge({ name: `${PREFIX}info`, help: "Always 1; what runs", labelNames: ["version"], registers });
  info.set({ version: VERSION }, 1);
  return {
    hooks: prometheusHooks(registry),
    text: async (view) => {
      for (const { gauge, read } of gauges) {
        const value = read(view);
        if (value === undefined) gauge.remove();
        else gauge.set(value);
      }
      const parts = await Promise.all([registry.metrics(), processFigures().metrics()]);
      return parts.join("\n");
    },
    contentType: registry.contentType,
  };
}
