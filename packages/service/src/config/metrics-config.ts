import { defineConfig } from "./define.ts";
import { field } from "./field.ts";

const PORT_MAX = 65_535;

/** Where the figures of a service are read: section `metrics`. */
export const metricsConfig = defineConfig({
  name: "metrics",
  prefix: "METRICS",
  fields: {
    port: field.int({
      doc: "Port of `http://…/metrics`, one of each service's own: `tars up` counts up from it. 0: any free one, told in the log and the health. Unset: nothing is measured.",
      min: 0,
      max: PORT_MAX,
    }),
    host: field.text({
      doc: "Address it listens at. Whoever reaches it reads the figures, without a password.",
      default: "127.0.0.1",
    }),
  },
});
