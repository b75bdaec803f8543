import { defineConfig } from "./define.ts";
import { field } from "./field.ts";

/** Whether a service makes spans: section `traces`. What becomes of them is the SDK's to know, by its own `OTEL_…` variables. */
export const tracesConfig = defineConfig({
  name: "traces",
  prefix: "TRACES",
  fields: {
    enabled: field.bool({
      doc: "Make spans with the OpenTelemetry SDK that is loaded into the process (`NODE_OPTIONS`); without one nothing is made.",
      default: false,
    }),
  },
});
