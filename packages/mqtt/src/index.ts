export type * from "./api.ts";
export * from "./contract/index.ts";
export type * from "./hooks.ts";
export type * from "./log.ts";
export type * from "./options.ts";
