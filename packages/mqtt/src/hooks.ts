/** Low-cardinality labels of one measurement, such as `{ topic: "tts/say" }` (the declared name, never an id). */
export type Labels = Readonly<Record<string, string>>;

/** One piece of work, as tracing sees it. Times are epoch milliseconds. */
export interface Span {
  readonly kind: "publish" | "handle" | "request";
  readonly topic: string;
  readonly id: string;
  readonly correlationId?: string;
  readonly traceparent?: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly outcome: string;
}

/** Where measurements go. Every member is optional and costs nothing when unset; a hook that throws is ignored. */
export interface Hooks {
  readonly onCounter?: (name: string, delta: number, labels: Labels) => void;
  readonly onGauge?: (name: string, value: number, labels: Labels) => void;
  readonly onDuration?: (name: string, durationMs: number, labels: Labels) => void;
  readonly onSpan?: (span: Span) => void;
}
