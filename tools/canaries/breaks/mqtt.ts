import type { Canary } from "../canary.ts";

/** Breaks of the client. */
export const mqttBreaks: readonly Canary[] = [];
