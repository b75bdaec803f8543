import type { Canary } from "../canary.ts";

/** Breaks of services and of the parts they share. */
export const serviceBreaks: readonly Canary[] = [];
