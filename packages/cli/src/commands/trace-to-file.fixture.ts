/** An OpenTelemetry SDK that writes each span to the file `TRACE_FILE` when it ends; loaded into the services of a test with `--import`. */
import { appendFileSync } from "node:fs";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { type ReadableSpan, SimpleSpanProcessor, type SpanExporter, TracerProvider } from "@opentelemetry/sdk-trace";

/** One span, as a line of the file. */
export interface WrittenSpan {
  readonly name: string;
  readonly service: string;
  readonly trace: string;
  readonly id: string;
  readonly parent: string | undefined;
}

const { TRACE_FILE: file, OTEL_SERVICE_NAME: service = "" } = process.env;

const exporter: SpanExporter = {
  export: (spans, done) => {
    if (file !== undefined) appendFileSync(file, spans.map((span) => `${JSON.stringify(written(span))}\n`).join(""));
    done({ code: 0 });
  },
  shutdown: async () => undefined,
};

function written(span: ReadableSpan): WrittenSpan {
  const { traceId, spanId } = span.spanContext();
  return { name: span.name, service, trace: traceId, id: spanId, parent: span.parentSpanContext?.spanId };
}

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
