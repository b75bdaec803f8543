import type { Client, Hooks, Log } from "@ts-tars/mqtt";
import type { metricsConfig } from "../config/metrics-config.ts";
import type { ConfigReading } from "../config/read.ts";
import type { HealthReporter } from "../health-reporter.ts";
import { openEndpoint } from "./metrics-endpoint.ts";

/** Whose figures they are, and where they are told. */
export interface MetricsParts {
  /** As on `system/health/{service}`. */
  readonly service: string;
  readonly settings: ConfigReading<typeof metricsConfig.fields>["values"];
  readonly health: HealthReporter;
  readonly log: Log;
}

/** The figures of a service that measures. */
export interface OpenMetrics {
  /** What its client is to tell. */
  readonly hooks: Hooks;
  /**
   * Lets them be read until the result is disposed of. A robot works without figures: where they cannot be served, the log and the
   * health say so, and nothing else changes.
   */
  serve(client: Pick<Client, "state">): Promise<AsyncDisposable | undefined>;
}

/** Undefined where no port is set: then nothing is measured, and the library is not even loaded. */
export async function openMetrics({ service, settings, health, log }: MetricsParts): Promise<OpenMetrics | undefined> {
  const { host, port } = settings;
  if (port === undefined) return undefined;
  const { serviceMetrics } = await import("./service-metrics.ts");
  const { hooks, text, contentType } = serviceMetrics(service);
  return {
    hooks,
    serve: async (client) => {
      const read = () => text({ health: health.report, client: client.state });
      const onError = (error: Error): void => log.warn({ err: error }, "a reader of the figures was not let in");
      try {
        const endpoint = await openEndpoint({ host, port, contentType, text: read, onError });
        health.detail({ metrics: endpoint.url });
        log.info({ url: endpoint.url }, "figures can be read");
        return endpoint;
      } catch (error) {
        health.detail({ metrics: `off: ${error instanceof Error ? error.message : String(error)}` });
        log.error({ err: error, host, port }, "figures cannot be read here; the service works without them");
        return undefined;
      }
    },
  };
}
