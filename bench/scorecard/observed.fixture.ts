import type { Observed } from "./figures.ts";

/** Beside the ledgers nothing was seen. */
export const QUIET: Observed = {
  backMs: [],
  published: 0,
  refused: 0,
  unsettledPromises: 0,
  lateStops: 0,
  neverBack: 0,
  overtakingCount: 0,
  strayCount: 0,
};
