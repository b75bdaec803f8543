/** The lines of `@ts-tars/mqtt` that no test of it reaches in its own process, and why. */
import type { LeftOut } from "./uncovered.ts";

export const leftOut: readonly LeftOut[] = [];
