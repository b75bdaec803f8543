/** Low-cardinality labels of one measurement, such as `{ topic: "tts/say" }` (the declared name, never an id). */
export type Labels = Readonly<Record<string, string>>;

/** A piece of work that begins, as tracing sees it. Frames of bytes have none: there is no room for a trace in them. */
export interface SpanStart {
  /**
   * - `publish`: from the call to the broker's word; of a `stream`, until it is queued.
   * - `handle`: one message in one subscription, all attempts together.
   * - `request`: from the question to its answer; its `publish` lies in it.
   */
  readonly kind: "publish" | "handle" | "request";
  /** The declared name. */
  readonly topic: string;
  readonly id: string;
  readonly correlationId: string | undefined;
  /** W3C, as it came: of the message that is to be handled; otherwise of the one that is being handled. */
  readonly traceparent: string | undefined;
}

/** How a piece of work ended. */
export interface SpanEnd {
  /**
   * - publish: `confirmed`, `queued` (a stream), `rejected` (`publish` threw), or the reason of `onUndelivered`;
   * - handle: `done`, `failed`, `hung`, `aborted`;
   * - request: `answered`, `failed`.
   */
  readonly outcome: string;
  /** Somebody did not get what he was promised. */
  readonly isFailure: boolean;
}

/** A piece of work while it lasts. */
export interface Span {
  /** W3C: what messages that belong to it carry. Undefined or malformed: what it was caused by is carried on. */
  readonly traceparent: string | undefined;
  /** Calls `work` once, before it returns, as part of the span; `work` never throws. */
  run(work: () => void): void;
  /** Called once. */
  end(end: SpanEnd): void;
}

/**
 * Where measurements go. Every member is optional and costs nothing when unset; a hook that throws is ignored. The names are those
 * of docs/observability.md; later versions may add some.
 */
export interface Hooks {
  readonly onCounter?: (name: string, delta: number, labels: Labels) => void;
  readonly onGauge?: (name: string, value: number, labels: Labels) => void;
  readonly onDuration?: (name: string, durationMs: number, labels: Labels) => void;
  /** Asked when a piece of work begins; undefined: this one is not traced. */
  readonly onSpan?: (begun: SpanStart) => Span | undefined;
}
