import type { Hooks, Labels, Span } from "./hooks.ts";
import type { Log } from "./log.ts";

/** The hooks made safe to call: absent ones cost a comparison, throwing ones are logged once and ignored. */
export interface Meter {
  count(name: string, labels?: Labels, delta?: number): void;
  gauge(name: string, value: number, labels?: Labels): void;
  duration(name: string, durationMs: number, labels?: Labels): void;
  /** Nobody listens: what it would be told need not be made. */
  readonly isSilent: boolean;
  readonly wantsSpans: boolean;
  span(span: Span): void;
}

const NO_LABELS: Labels = Object.freeze({});

/** Wraps the user's hooks. */
export function createMeter(hooks: Hooks | undefined, log: Log): Meter {
  let complained = false;
  const guarded = (call: () => void): void => {
    try {
      call();
    } catch (error) {
      if (!complained) log.warn({ err: error }, "a metrics hook threw and is ignored");
      complained = true;
    }
  };
  return {
    count: (name, labels = NO_LABELS, delta = 1) => {
      if (hooks?.onCounter !== undefined) guarded(() => hooks.onCounter?.(name, delta, labels));
    },
    gauge: (name, value, labels = NO_LABELS) => {
      if (hooks?.onGauge !== undefined) guarded(() => hooks.onGauge?.(name, value, labels));
    },
    duration: (name, durationMs, labels = NO_LABELS) => {
      if (hooks?.onDuration !== undefined) guarded(() => hooks.onDuration?.(name, durationMs, labels));
    },
    isSilent:
      hooks?.onCounter === undefined &&
      hooks?.onGauge === undefined &&
      hooks?.onDuration === undefined &&
      hooks?.onSpan === undefined,
    wantsSpans: hooks?.onSpan !== undefined,
    span: (span) => {
      if (hooks?.onSpan !== undefined) guarded(() => hooks.onSpan?.(span));
    },
  };
}
