import type { TestBroker } from "@ts-tars/harness";
import type { BackMs, Column } from "../column.ts";

/** What a fault is done to. */
export interface Running {
  readonly broker: TestBroker;
  readonly columns: readonly Column[];
  readonly signal: AbortSignal;
  /** From [0, 1): which of several seats it hits, in each column. */
  readonly lot: number;
}

/** How a fault came about. */
export interface Struck {
  /** One entry per column; empty where nothing was waited for. */
  readonly backMs: readonly BackMs[];
  /** From the fault until it was taken back. */
  readonly lastedMs: number;
}
