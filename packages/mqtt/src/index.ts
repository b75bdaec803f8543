export type * from "./api.ts";
export { configFromEnv, type EnvConfig, redactUrl } from "./config/index.ts";
export { connect } from "./connect.ts";
export * from "./contract/index.ts";
export * from "./errors.ts";
export type { Hooks, Labels, Span } from "./hooks.ts";
export type { Log, LogMethod } from "./log.ts";
export type * from "./options.ts";
export { type DeadLetter, type DeadReason, parseDeadLetter } from "./receive/dead-letter.ts";
