import { type ConfigDefinition, defineConfig, type Fields } from "./define.ts";
import { field } from "./field.ts";
import type { Origin } from "./read.ts";

const LEVELS = ["trace", "debug", "info", "warn", "error", "silent"] as const;

/** How much a service logs. */
export type LogLevel = (typeof LEVELS)[number];

/** What every service writes to its log: section `log`. */
export const logConfig = defineConfig({
  name: "log",
  prefix: "TARS_LOG",
  fields: {
    level: field.choice({
      doc: "What is logged. At `debug` and `trace` the log also holds what people said.",
      choices: LEVELS,
      default: "info",
      aliases: ["LOG_LEVEL"],
    }),
  },
});

const ownLogLevel = field.choice({
  doc: "What this service logs. Default: what section `log` says.",
  choices: LEVELS,
  live: true,
});

/** The key of the setting that every service has beside its own. */
export const LOG_LEVEL_KEY = "logLevel";

/** The service's settings, and behind them its own log level. */
export function withLogLevel<F extends Fields>(config: ConfigDefinition<F>): ConfigDefinition<F> {
  return Object.freeze({ ...config, fields: { ...config.fields, [LOG_LEVEL_KEY]: ownLogLevel } });
}

/** A reading as far as it says something about one setting. */
interface Reading {
  readonly values: Readonly<Record<string, unknown>>;
  readonly origins: Readonly<Record<string, Origin>>;
}

const RANK: Readonly<Record<Origin["from"], number>> = { flag: 3, env: 2, file: 1, default: 0 };

/** The level of one service's log: its own, unless that of all stands in a place that counts for more. */
export function logLevelOf(service: Reading, log: Reading): LogLevel {
  const rankOf = (reading: Reading, key: string): number => RANK[reading.origins[key]?.from ?? "default"];
  const own = service.values[LOG_LEVEL_KEY];
  const isOwn = own !== undefined && rankOf(service, LOG_LEVEL_KEY) >= rankOf(log, "level");
  const level = isOwn ? own : log.values["level"];
  return LEVELS.find((one) => one === level) ?? logConfig.fields.level.missing.value;
}
