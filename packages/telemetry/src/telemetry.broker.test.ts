/** The adapters on real clients at a real broker. */
import { context, ROOT_CONTEXT, type Tracer, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { openBroker, recorder, type TestBroker, until } from "@ts-tars/harness";
import { type Client, connect, defineRequest, defineTopic, type Hooks } from "@ts-tars/mqtt";
import { Registry } from "prom-client";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { openTelemetryHooks } from "./opentelemetry/index.ts";
import { prometheusHooks } from "./prometheus/index.ts";

const Text = z.object({ text: z.string() });
const heard = defineTopic({ name: "test/heard", type: "test.heard", delivery: "event", payload: Text });
const said = defineTopic({ name: "test/said/{room}", type: "test.said", delivery: "event", payload: Text });
const answer = defineRequest({
  name: "test/answer/request",
  type: "test.answer.request",
  payload: Text,
  replyName: "test/answer/reply",
  replyType: "test.answer.reply",
  replyPayload: Text,
});

let broker: TestBroker;
const clients: Client[] = [];

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(() => context.disable());
beforeEach(async () => {
  broker = await openBroker();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await broker[Symbol.asyncDispose]();
});

function open(hooks: Hooks): Client {
  const client = connect({ url: broker.url, hooks });
  clients.push(client);
  return client;
}

/** What makes spans in one service, and where those of all end. */
function tracerTo(exporter: InMemorySpanExporter, service: string): Tracer {
  return new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }).getTracer(service);
}

/** `service: name`, each behind what it was caused by. */
function pathTo(span: ReadableSpan | undefined, all: readonly ReadableSpan[]): readonly string[] {
  if (span === undefined) return [];
  const parent = all.find((other) => other.spanContext().spanId === span.parentSpanContext?.spanId);
  return [...pathTo(parent, all), `${span.instrumentationScope.name}: ${span.name}`];
}

test("one turn over two services is one trace, in which every span hangs below its cause", async () => {
  const exporter = new InMemorySpanExporter();
  const router = tracerTo(exporter, "router");
  const worker = tracerTo(exporter, "worker");
  const ear = open(openTelemetryHooks({ tracer: router }));
  const mind = open(openTelemetryHooks({ tracer: worker }));
  await mind.respond(answer, async ({ data }) => {
    await Promise.resolve();
    worker.startSpan("think").end();
    return { text: `You said: ${data.text}` };
  }).active;
  await ear.subscribe(heard, async ({ data }) => {
    const { text } = await ear.request(answer, { text: data.text });
    ear.publish(said.at({ room: "kitchen" }), { text });
  }).active;
  const ends = recorder<string>();
  await mind.subscribe(said, ({ data }) => ends.push(data.text)).active;

  const turn = router.startSpan("turn");
  context.with(trace.setSpan(ROOT_CONTEXT, turn), () => ear.publish(heard, { text: "hello" }));
  turn.end();

  expect(await ends.next()).toBe("You said: hello");
  const spans = exporter.getFinishedSpans.bind(exporter);
  // turn, request, think, and publish and handle of four messages; the reply's handling is the request's end.
  await until(() => spans().length === 10);
  expect(new Set(spans().map((span) => span.spanContext().traceId))).toEqual(new Set([turn.spanContext().traceId]));
  const paths = spans().map((span) => pathTo(span, spans()));
  const request = ["router: turn", "router: publish test/heard", "router: handle test/heard"];
  const asked = [
    ...[...request, "router: request test/answer/request", "router: publish test/answer/request"],
    "worker: handle test/answer/request",
  ];
  expect(paths).toContainEqual([...asked, "worker: think"]);
  expect(paths).toContainEqual([...asked, "worker: publish test/answer/reply"]);
  expect(paths).toContainEqual([...request, "router: publish test/said/{room}", "worker: handle test/said/{room}"]);
});

test("topics are told by their declared names, however many there are", async () => {
  const registry = new Registry();
  const client = open(prometheusHooks(registry));
  const rooms = Array.from({ length: 20 }, (_, room) => `room-${room}`);
  const came = recorder<string>();
  await client.subscribe(said, ({ topic }) => came.push(topic)).active;

  for (const room of rooms) client.publish(said.at({ room }), { text: "hello" });
  await came.take(rooms.length);

  const counted = registry.getSingleMetricAsString("ts_tars_mqtt_messages_handled_total");
  expect(await counted).toContain('{topic="test/said/{room}",outcome="done"} 20');
  expect(await registry.metrics()).not.toContain("room-");
});

test("hooks that throw do not hurt: what is published is handled, answered and confirmed", async () => {
  const fail = (): never => {
    throw new Error("no telemetry today");
  };
  const broken = { traceparent: undefined, run: fail, end: fail };
  const ear = open({ onCounter: fail, onGauge: fail, onDuration: fail, onSpan: fail });
  const mind = open({ onSpan: () => broken });
  await mind.respond(answer, ({ data }) => data).active;
  const came = recorder<string>();
  await ear.subscribe(heard, ({ data }) => came.push(data.text)).active;

  expect(await ear.request(answer, { text: "hello" })).toEqual({ text: "hello" });
  await mind.publishConfirmed(heard, { text: "hello" });

  expect(await came.next()).toBe("hello");
});
