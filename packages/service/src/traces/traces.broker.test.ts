/** Two whole services and a person: what one turn causes is one trace, made by the SDK that the process has. */
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { sttFinal, ttsSay, ttsStatus } from "@ts-tars/contracts";
import { openBroker, recorder, type TestBroker, until, within } from "@ts-tars/harness";
import { type Client, connect } from "@ts-tars/mqtt";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { defineConfig } from "../config/define.ts";
import { aborted } from "../lifetime.ts";
import { createLog } from "../log.ts";
import { Mailbox } from "../mailbox.ts";
import { defineService, type ServiceDeps } from "../service-definition.ts";
import { startService } from "../start-service.ts";

const exporter = new InMemorySpanExporter();
let broker: TestBroker;
let person: Client;
const stops: (() => Promise<void>)[] = [];

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
});
afterAll(() => {
  trace.disable();
  context.disable();
});
beforeEach(async () => {
  exporter.reset();
  broker = await openBroker();
  person = connect({ url: broker.url });
});
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
  await person.close();
  await broker[Symbol.asyncDispose]();
});

/** A service that works when this resolves. */
async function start(name: string, env: Readonly<Record<string, string>>, work: (deps: ServiceDeps<object>) => void) {
  const stop = new AbortController();
  const ready = Promise.withResolvers<void>();
  const definition = defineService({
    name,
    topics: { publishes: [ttsSay, ttsStatus], subscribes: [sttFinal, ttsSay] },
    config: defineConfig({ name, prefix: name.toUpperCase(), fields: {} }),
    create: (deps) => async (lifetime) => {
      work(deps);
      await deps.client.flush();
      lifetime.ready();
      await aborted(lifetime.stop);
    },
  });
  const ended = startService(definition, {
    lifetime: { stop: stop.signal, ready: () => ready.resolve() },
    sources: { env: { XDG_CONFIG_HOME: "/nonexistent", MQTT_URL: broker.url, ...env } },
    log: createLog({ name, level: "silent" }),
  });
  stops.push(async () => {
    stop.abort();
    await within(10_000, ended);
  });
  await within(10_000, Promise.race([ready.promise, ended]));
}

/** A conductor that hands what was heard through its mailbox to a mouth. */
async function startTurn(env: Readonly<Record<string, string>>): Promise<void> {
  await start("router", env, ({ client }) => {
    const inbox = new Mailbox<string>();
    client.subscribe(sttFinal, ({ data }) => inbox.handled(data.text));
    void inbox.run((text) => void client.publish(ttsSay, { text: `You said: ${text}` }));
  });
  await start("mouth", env, ({ client }) => {
    client.subscribe(ttsSay, ({ data }) => {
      client.publish(ttsStatus, { event: "speaking_start", text: data.text });
    });
  });
}

const ofTurn = (): readonly ReadableSpan[] =>
  exporter.getFinishedSpans().filter(({ name }) => /stt\/final|tts\/(say|status)/u.test(name));

async function hear(text: string): Promise<void> {
  const said = recorder<string>();
  await person.subscribe(ttsStatus, (message) => said.push(message.data.text)).active;
  await person.publishConfirmed(sttFinal, { text });
  expect(await said.next()).toBe(`You said: ${text}`);
}

test("a turn over two services is one trace, also through a mailbox", async () => {
  await startTurn({ TRACES_ENABLED: "true" });

  await hear("hello");

  await until(() => ofTurn().length === 4);
  const ids = new Map(ofTurn().map((span) => [span.spanContext().spanId, span.name]));
  expect(new Set(ofTurn().map((span) => span.spanContext().traceId)).size).toBe(1);
  expect(ofTurn().map(({ name, parentSpanContext }) => [ids.get(parentSpanContext?.spanId ?? ""), name])).toEqual(
    expect.arrayContaining([
      [undefined, "handle stt/final"],
      ["handle stt/final", "publish tts/say"],
      ["publish tts/say", "handle tts/say"],
      ["handle tts/say", "publish tts/status"],
    ]),
  );
});

test("unless they are wanted no spans are made, though the process has an SDK", async () => {
  await startTurn({});

  await hear("hello");

  expect(exporter.getFinishedSpans()).toEqual([]);
});
