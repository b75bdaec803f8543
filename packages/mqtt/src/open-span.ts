/** A span that cannot hurt: whatever its hook does, the work is done once, and its result and its error are the work's own. */
import { inContext, type MessageContext } from "./context.ts";
import type { Span, SpanEnd } from "./hooks.ts";

/** A span as the client uses it. */
export interface OpenSpan {
  readonly traceparent: string | undefined;
  run<T>(work: () => T): T;
  end(end: SpanEnd): void;
}

/** Version 00 of https://www.w3.org/TR/trace-context/; a receiver would refuse an envelope with a longer one. */
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/u;

type Result<T> = { readonly kind: "returned"; readonly value: T } | { readonly kind: "threw"; readonly error: unknown };

/** @param guarded calls a hook, and keeps what it throws to itself */
export function guardSpan(span: Span, guarded: (call: () => void) => void): OpenSpan {
  let traceparent: string | undefined;
  guarded(() => {
    const told = span.traceparent;
    if (told !== undefined && TRACEPARENT.test(told)) traceparent = told;
  });
  return {
    traceparent,
    run: <T>(work: () => T): T => {
      let result: Result<T> | undefined;
      const workOnce = (): Result<T> => {
        result ??= resultOf(work);
        return result;
      };
      guarded(() => span.run(() => void workOnce()));
      return outcomeOf(workOnce());
    },
    end: (end) => guarded(() => span.end(end)),
  };
}

/** Runs `work` as part of the span: what it publishes carries the span, or without one of its own what the span was caused by. */
export function inSpan<T>(span: OpenSpan, context: MessageContext, work: () => T): T {
  const traceparent = span.traceparent ?? context.traceparent;
  return span.run(() => inContext({ correlationId: context.correlationId, traceparent }, work));
}

function resultOf<T>(work: () => T): Result<T> {
  try {
    return { kind: "returned", value: work() };
  } catch (error) {
    return { kind: "threw", error };
  }
}

function outcomeOf<T>(result: Result<T>): T {
  if (result.kind === "threw") throw result.error;
  return result.value;
}
