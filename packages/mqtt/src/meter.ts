import type { Hooks, Labels, SpanStart } from "./hooks.ts";
import type { Log } from "./log.ts";
import type { Counters, Durations, Gauges, LabelsOf } from "./measurements.ts";
import { guardSpan, type OpenSpan } from "./open-span.ts";

/** The hooks made safe to call: absent ones cost a comparison, throwing ones are logged once and ignored. */
export interface Meter {
  count<Name extends keyof Counters>(name: Name, labels?: LabelsOf<Counters[Name]>, delta?: number): void;
  gauge<Name extends keyof Gauges>(name: Name, value: number, labels?: LabelsOf<Gauges[Name]>): void;
  duration<Name extends keyof Durations>(name: Name, durationMs: number, labels?: LabelsOf<Durations[Name]>): void;
  /** Nobody listens: what it would be told need not be made. */
  readonly isSilent: boolean;
  readonly wantsSpans: boolean;
  /** Asked only where spans are wanted; undefined: this piece of work is not traced. */
  open(begun: SpanStart): OpenSpan | undefined;
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
    count: (name, labels: Labels = NO_LABELS, delta = 1) => {
      if (hooks?.onCounter !== undefined) guarded(() => hooks.onCounter?.(name, delta, labels));
    },
    gauge: (name, value, labels: Labels = NO_LABELS) => {
      if (hooks?.onGauge !== undefined) guarded(() => hooks.onGauge?.(name, value, labels));
    },
    duration: (name, durationMs, labels: Labels = NO_LABELS) => {
      if (hooks?.onDuration !== undefined) guarded(() => hooks.onDuration?.(name, durationMs, labels));
    },
    isSilent:
      hooks?.onCounter === undefined &&
      hooks?.onGauge === undefined &&
      hooks?.onDuration === undefined &&
      hooks?.onSpan === undefined,
    wantsSpans: hooks?.onSpan !== undefined,
    open: (begun) => {
      let span: OpenSpan | undefined;
      guarded(() => {
        const opened = hooks?.onSpan?.(begun);
        span = opened && guardSpan(opened, guarded);
      });
      return span;
    },
  };
}
