import type { Meter, Tracer } from "@opentelemetry/api";
import type { Hooks } from "@ts-tars/mqtt";
import { SERIES_MAX } from "../series-limit.ts";
import { measurementHooks } from "./measurements.ts";
import { spanHook } from "./spans.ts";

/** What of OpenTelemetry is used; what is left out costs nothing. */
export interface OpenTelemetryOptions {
  readonly meter?: Meter;
  readonly tracer?: Tracer;
  /** Combinations of labels of one measurement; what comes beyond is called `other`. Default 500. */
  readonly maxSeries?: number;
}

/**
 * The client's measurements as instruments of this meter, and its work as spans of this tracer, over services: a message carries the
 * span it was published in, and is handled in a child of it. For what handlers do in between, register a context manager
 * (`AsyncLocalStorageContextManager`); without one, spans of other libraries do not find those of the client.
 */
export function openTelemetryHooks({ meter, tracer, maxSeries = SERIES_MAX }: OpenTelemetryOptions): Hooks {
  return {
    ...(meter && measurementHooks(meter, maxSeries)),
    ...(tracer && { onSpan: spanHook(tracer) }),
  };
}
