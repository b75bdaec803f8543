export { addressOf, type BrokerProtocol, type BrokerUrl, parseBrokerUrl, redactUrl } from "./broker-url.ts";
export { configFromEnv, type EnvConfig } from "./config-from-env.ts";
export type { Environment } from "./env-reader.ts";
export { Secret } from "./secret.ts";
