/** What a soak and its processes say to each other. Pure. */

export type SoakOrder =
  | {
      readonly do: "open";
      readonly role: "publisher" | "subscriber";
      readonly url: string;
      readonly isOutboxBounded: boolean;
    }
  | { readonly do: "publish"; readonly perSecond: number; readonly text: string }
  | { readonly do: "weigh" }
  | { readonly do: "finish" };

/** Messages since the start. */
export interface SoakTotals {
  readonly accepted: number;
  /** The outbox was full. */
  readonly refused: number;
  readonly handled: number;
  readonly undelivered: number;
}

/** What a process holds after a collection. */
export interface Weight extends SoakTotals {
  /** Monotonic milliseconds of the machine. */
  readonly atMs: number;
  readonly heapBytes: number;
  readonly rssBytes: number;
}
