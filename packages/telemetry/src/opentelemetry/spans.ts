import {
  type Context,
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { Hooks, SpanStart } from "@ts-tars/mqtt";
import { spanAttributes, spanName } from "./conventions.ts";
import { parseTraceparent, renderTraceparent } from "./traceparent.ts";

const KINDS: Readonly<Record<SpanStart["kind"], SpanKind>> = {
  publish: SpanKind.PRODUCER,
  handle: SpanKind.CONSUMER,
  request: SpanKind.CLIENT,
};

/** The `onSpan` hook that has this tracer make the spans. */
export function spanHook(tracer: Tracer): NonNullable<Hooks["onSpan"]> {
  return (begun) => {
    const parent = parentOf(begun);
    const options = { kind: KINDS[begun.kind], attributes: spanAttributes(begun) };
    const span = tracer.startSpan(spanName(begun), options, parent);
    const own = span.spanContext();
    return {
      // Without an SDK behind the API there is none.
      traceparent: isSpanContextValid(own) ? renderTraceparent(own) : undefined,
      run: (work) => context.with(trace.setSpan(parent, span), work),
      end: ({ outcome, isFailure }) => {
        span.setAttribute("ts_tars.outcome", outcome);
        if (isFailure) span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute("error.type", outcome);
        span.end();
      },
    };
  };
}

/**
 * A message is handled because of its publisher, whatever was active when the connection was opened. What is published or asked belongs
 * to what is active here; where no context manager keeps that, to the message that is being handled.
 */
function parentOf({ kind, traceparent }: SpanStart): Context {
  const base = kind === "handle" ? ROOT_CONTEXT : context.active();
  const active = trace.getSpanContext(base);
  if (active !== undefined && isSpanContextValid(active)) return base;
  const remote = traceparent === undefined ? undefined : parseTraceparent(traceparent);
  return remote === undefined ? base : trace.setSpanContext(base, { ...remote, isRemote: true });
}
