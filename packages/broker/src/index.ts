export * from "./broker.ts";
export * from "./errors.ts";
export * from "./mosquitto.ts";
export type { MosquittoTls } from "./mosquitto-config.ts";
export * from "./mosquitto-program.ts";
export { findFreePort } from "./port.ts";
