import { defineConfig } from "./define.ts";
import { field } from "./field.ts";

/** What every service writes to its log: section `log`. */
export const logConfig = defineConfig({
  name: "log",
  prefix: "TARS_LOG",
  fields: {
    level: field.choice({
      doc: "What is logged. At `debug` and `trace` the log also holds what people said.",
      choices: ["trace", "debug", "info", "warn", "error", "silent"],
      default: "info",
      aliases: ["LOG_LEVEL"],
    }),
  },
});
