/** How long the parts of an exchange may take, in ms. */
export interface Deadlines {
  /** Until the first text when the model has answered before. */
  readonly firstTextMs: number;
  /** Until the very first text: a local server loads its model. */
  readonly warmUpMs: number;
  /** Between two pieces of text. */
  readonly stallMs: number;
  /** The whole answer, waiting in the queue included. */
  readonly wholeMs: number;
  /** Silence on `llm/stream` at most. */
  readonly quietMs: number;
}

/** `llm/stream` is never silent for 5 s while a request lives (03); half a second is for the way. */
export const QUIET_MS = 4_500;
