export * from "./aedes.ts";
export * from "./aedes-store.ts";
export * from "./broker.ts";
export * from "./errors.ts";
export * from "./mosquitto.ts";
export type { MosquittoTls } from "./mosquitto-config.ts";
export * from "./mosquitto-program.ts";
export { accepts, findFreePort } from "./port.ts";
