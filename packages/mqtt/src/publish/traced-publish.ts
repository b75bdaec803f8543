import { currentContext } from "../context.ts";
import type { SpanEnd } from "../hooks.ts";
import type { Meter } from "../meter.ts";
import { inSpan } from "../open-span.ts";
import type { Outcome } from "./outbox.ts";
import type { InternalPublishOptions, Published } from "./published.ts";

/** Publishes inside a span, which the message carries, and which ends with the broker's word about it. */
export function publishTraced(
  { topic, ...options }: InternalPublishOptions & { readonly topic: string; readonly id: string },
  meter: Meter,
  publish: (options: InternalPublishOptions) => Published,
): Published {
  const around = currentContext();
  const context = {
    correlationId: options.correlationId ?? around?.correlationId,
    traceparent: around?.traceparent,
  };
  const span = meter.open({ kind: "publish", topic, id: options.id, ...context });
  if (span === undefined) return publish(options);
  const onSettled = (outcome: Outcome, sent: "no" | "maybe"): void => {
    span.end(endOf(outcome));
    options.onSettled?.(outcome, sent);
  };
  try {
    const published = inSpan(span, context, () => publish({ ...options, onSettled }));
    if (published.entry === undefined) span.end({ outcome: "queued", isFailure: false });
    return published;
  } catch (error) {
    span.end({ outcome: "rejected", isFailure: true });
    throw error;
  }
}

/** The next value of a state stands for the last one. */
function endOf(outcome: Outcome): SpanEnd {
  if (outcome.kind === "confirmed") return { outcome: "confirmed", isFailure: false };
  return { outcome: outcome.reason, isFailure: outcome.reason !== "superseded" };
}
