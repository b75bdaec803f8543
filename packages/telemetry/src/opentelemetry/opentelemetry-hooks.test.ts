import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { AlwaysOffSampler, InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import type { SpanStart } from "@ts-tars/mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTelemetryHooks } from "./opentelemetry-hooks.ts";
import { parseTraceparent } from "./traceparent.ts";

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(() => context.disable());

const REMOTE = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
const HANDLE: SpanStart = {
  kind: "handle",
  topic: "tts/say",
  id: "m1",
  correlationId: "turn-1",
  traceparent: REMOTE,
};
const PUBLISH: SpanStart = { ...HANDLE, kind: "publish", topic: "system/health/{service}", correlationId: undefined };

/** The hook over a tracer of the real SDK, whose ended spans are kept. */
function openTracer(options: ConstructorParameters<typeof TracerProvider>[0] = {}) {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ ...options, spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const tracer = provider.getTracer("test");
  const { onSpan } = openTelemetryHooks({ tracer });
  const open = (begun: SpanStart) => {
    const span = onSpan?.(begun);
    if (span === undefined) throw new Error("no span was opened");
    return span;
  };
  return { tracer, open, ended: () => exporter.getFinishedSpans() };
}

describe("a span", () => {
  test("of a handler is a child of its message's, and has the names of the conventions", () => {
    const { open, ended } = openTracer();

    open(HANDLE).end({ outcome: "done", isFailure: false });

    const [span] = ended();
    expect(span).toMatchObject({ name: "handle tts/say", kind: SpanKind.CONSUMER });
    expect(span?.parentSpanContext).toMatchObject({ ...parseTraceparent(REMOTE), isRemote: true });
    expect(span?.attributes).toEqual({
      "messaging.system.name": "mqtt",
      "messaging.operation.name": "handle",
      "messaging.operation.type": "process",
      "messaging.destination.name": "tts/say",
      "messaging.message.id": "m1",
      "messaging.message.conversation_id": "turn-1",
      "ts_tars.outcome": "done",
    });
  });

  test("tells by its traceparent where its messages belong", () => {
    const { open, ended } = openTracer();
    const span = open(HANDLE);

    span.end({ outcome: "done", isFailure: false });

    const { spanId, traceFlags } = ended()[0]?.spanContext() ?? {};
    expect(parseTraceparent(span.traceparent ?? "")).toEqual({ traceId: "a".repeat(32), spanId, traceFlags });
  });

  test("that failed says so", () => {
    const { open, ended } = openTracer();

    open(PUBLISH).end({ outcome: "expired", isFailure: true });

    expect(ended()[0]).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { "error.type": "expired", "messaging.destination.template": "system/health/{service}" },
    });
  });

  test("is active in the work, also after its first await, and not behind it", async () => {
    const { tracer, open, ended } = openTracer();
    let inside = Promise.resolve();

    open(HANDLE).run(() => {
      inside = (async () => {
        await Promise.resolve();
        tracer.startSpan("work").end();
      })();
    });
    await inside;
    tracer.startSpan("later").end();

    const [work, later] = ended();
    expect(work?.spanContext().traceId).toBe("a".repeat(32));
    expect(later?.parentSpanContext).toBeUndefined();
  });
});

describe("the parent", () => {
  test("of what is published is the span that is active, before that of the message being handled", () => {
    const { tracer, open, ended } = openTracer();
    const outer = tracer.startSpan("outer");

    context.with(trace.setSpan(ROOT_CONTEXT, outer), () =>
      open(PUBLISH).end({ outcome: "confirmed", isFailure: false }),
    );

    expect(ended()[0]?.parentSpanContext).toEqual(outer.spanContext());
  });

  test("of what is handled is the publisher's span, whatever was active when the connection was opened", () => {
    const { tracer, open, ended } = openTracer();
    const end = { outcome: "done", isFailure: false } as const;

    context.with(trace.setSpan(ROOT_CONTEXT, tracer.startSpan("outer")), () => {
      open(HANDLE).end(end);
      open({ ...HANDLE, traceparent: undefined }).end(end);
    });

    expect(ended().map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(["b".repeat(16), undefined]);
  });

  test.each(["", "nonsense", `00-${"0".repeat(32)}-${"b".repeat(16)}-01`])(
    "is none when %j came with the message",
    (text) => {
      const { open, ended } = openTracer();

      open({ ...HANDLE, traceparent: text }).end({ outcome: "done", isFailure: false });

      expect(ended()[0]?.parentSpanContext).toBeUndefined();
    },
  );
});

test("a decision not to sample travels on", () => {
  const { open, ended } = openTracer({ sampler: new AlwaysOffSampler() });
  const span = open(HANDLE);

  span.end({ outcome: "done", isFailure: false });

  expect(span.traceparent).toMatch(/^00-a{32}-[0-9a-f]{16}-00$/u);
  expect(ended()).toEqual([]);
});

test("without an SDK behind the API the trace of the message goes on unchanged", () => {
  const { onSpan } = openTelemetryHooks({ tracer: trace.getTracer("nobody") });

  expect(onSpan?.(HANDLE)?.traceparent).toBe(REMOTE);
  expect(onSpan?.({ ...HANDLE, traceparent: undefined })?.traceparent).toBeUndefined();
});

test("hooks are set only for what is there", () => {
  expect(Object.keys(openTelemetryHooks({}))).toEqual([]);
  expect(Object.keys(openTelemetryHooks({ tracer: trace.getTracer("nobody") }))).toEqual(["onSpan"]);
});

test("figures become instruments under the names of the conventions, durations in seconds", async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  const { onCounter, onGauge, onDuration } = openTelemetryHooks({ meter: provider.getMeter("test") });

  onCounter?.("messages_received", 2, {});
  onCounter?.("dead_letters", 1, { reason: "contract" });
  onGauge?.("zombie_handlers", 3, {});
  onDuration?.("handle_ms", 250, { topic: "turn/state/{site}" });
  await provider.forceFlush();
  await provider.shutdown();

  const metrics = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  const pointOf = (name: string) => metrics.find(({ descriptor }) => descriptor.name === name)?.dataPoints[0];
  expect(pointOf("messaging.client.consumed.messages")).toMatchObject({ value: 2 });
  expect(pointOf("ts_tars.mqtt.dead_letters")).toMatchObject({ value: 1, attributes: { reason: "contract" } });
  expect(pointOf("ts_tars.mqtt.zombie_handlers")).toMatchObject({ value: 3 });
  expect(pointOf("messaging.process.duration")).toMatchObject({
    value: { count: 1, sum: 0.25 },
    attributes: { "messaging.destination.template": "turn/state/{site}", "messaging.operation.type": "process" },
  });
});
