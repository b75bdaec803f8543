/** The figures of whole services, read over HTTP as Prometheus reads them. */
import { createServer, type Server } from "node:net";
import { type HealthPing, systemHealth, ttsSay, ttsStatus } from "@ts-tars/contracts";
import { openBroker, recorder, type TestBroker, until, within } from "@ts-tars/harness";
import { type Client, connect, type Hooks } from "@ts-tars/mqtt";
import { afterEach, beforeEach, expect, test } from "vitest";
import { defineConfig } from "../config/define.ts";
import { aborted } from "../lifetime.ts";
import { createLog } from "../log.ts";
import { defineService, type ServiceDeps } from "../service-definition.ts";
import { startService } from "../start-service.ts";

let broker: TestBroker;
let person: Client;
const stops: (() => Promise<void>)[] = [];

beforeEach(async () => {
  broker = await openBroker();
  person = connect({ url: broker.url });
});
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
  await person.close();
  await broker[Symbol.asyncDispose]();
});

/** A service that echoes what is to be said, and what it says of its health and in its log. */
async function start(env: Readonly<Record<string, string>>, hooks: Hooks = {}) {
  const stop = new AbortController();
  const ready = Promise.withResolvers<void>();
  const lines = recorder<string>();
  const healths = recorder<HealthPing>();
  const health = person.subscribe(systemHealth, ({ data }) => data && healths.push(data));
  await health.active;
  const own = Promise.withResolvers<ServiceDeps<object>>();
  const definition = defineService({
    name: "parrot",
    topics: { subscribes: [ttsSay], publishes: [ttsStatus] },
    config: defineConfig({ name: "parrot", prefix: "PARROT", fields: {} }),
    create: (deps) => async (lifetime) => {
      own.resolve(deps);
      const echo = deps.client.subscribe(ttsSay, ({ data }) => {
        deps.client.publish(ttsStatus, { event: "speaking_start", text: data.text });
      });
      await echo.active;
      lifetime.ready();
      await aborted(lifetime.stop);
    },
  });
  const ended = startService(definition, {
    lifetime: { stop: stop.signal, ready: () => ready.resolve() },
    sources: { env: { XDG_CONFIG_HOME: "/nonexistent", MQTT_URL: broker.url, ...env } },
    log: createLog({ name: "parrot", level: "info", stream: { write: lines.push } }),
    hooks,
  });
  const end = async (): Promise<void> => {
    stop.abort();
    await within(10_000, ended);
  };
  stops.push(end);
  await within(10_000, Promise.race([ready.promise, ended]));
  const { detail, ...said } = await healths.until(({ event, detail: facts }) => {
    return event === "ready" && (facts?.["metrics"] !== undefined || env["METRICS_PORT"] === undefined);
  });
  return { url: String(detail?.["metrics"]), said, lines, end, health: (await own.promise).health };
}

/** What stands behind the name and the labels in a scrape. */
async function figure(url: string, series: string): Promise<string | undefined> {
  const text = await (await fetch(url)).text();
  return text
    .split("\n")
    .find((line) => line.startsWith(`${series} `))
    ?.slice(series.length + 1);
}

/** The echo of a sentence, after which everything it caused was counted by the service. */
async function say(text: string): Promise<void> {
  const came = recorder<string>();
  const echo = person.subscribe(ttsStatus, ({ data }) => came.push(data.text));
  await echo.active;
  await person.publishConfirmed(ttsSay, { text });
  await came.next();
  await echo.stop();
}

const HANDLED = 'ts_tars_mqtt_messages_handled_total{topic="tts/say",outcome="done",service="parrot"}';
const PUBLISHED = 'ts_tars_mqtt_messages_published_total{topic="tts/status",service="parrot"}';
const HEALTHY = 'ts_tars_service_healthy{service="parrot"}';
const COMPLAINTS = 'ts_tars_service_complaints{service="parrot"}';

test("what a service's client counts is read over HTTP, beside its health and its process", async () => {
  const { url } = await start({ METRICS_PORT: "0" });
  await say("hello");
  await say("again");

  const { headers, status } = await fetch(url);

  expect([status, headers.get("content-type")]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
  await until(async () => (await figure(url, HANDLED)) === "2");
  expect(await figure(url, PUBLISHED)).toBe("2");
  expect(await figure(url, HEALTHY)).toBe("1");
  expect(await figure(url, COMPLAINTS)).toBe("0");
  expect(await figure(url, 'ts_tars_service_connected{service="parrot"}')).toBe("1");
  expect(await figure(url, 'ts_tars_service_control_up{service="parrot"}')).toBe("1");
  expect(Number(await figure(url, "process_resident_memory_bytes"))).toBeGreaterThan(0);
});

test("what a service lacks is a figure as long as it lacks it", async () => {
  const { url, health } = await start({ METRICS_PORT: "0" });

  health.degraded("No voice is installed.", "Install espeak-ng.");
  const lacking = await figure(url, COMPLAINTS);
  health.ok();

  expect([lacking, await figure(url, COMPLAINTS)]).toEqual(["1", "0"]);
});

test("only the figures are served, only to readers, and only while the service runs", async () => {
  const { url, end } = await start({ METRICS_PORT: "0" });

  const answers = [
    await fetch(url.replace(/metrics$/u, "")),
    await fetch(url, { method: "POST" }),
    await fetch(url, { method: "HEAD" }),
    await fetch(`${url}?of=all`),
  ];
  await Promise.all(answers.map((answer) => answer.text()));
  await end();

  expect(answers.map(({ status }) => status)).toEqual([404, 405, 200, 200]);
  await expect(fetch(url)).rejects.toThrow();
});

test("nothing is served unless a port is set", async () => {
  const { url, said } = await start({});

  expect([url, said.ok]).toEqual(["undefined", true]);
});

test("a service whose port is taken works without figures, is well, and says what is missing", async () => {
  const taken = await listen();
  try {
    const { port } = taken;

    const { url, said, lines } = await start({ METRICS_PORT: String(port) });
    await say("hello");

    expect(url).toMatch(/^off: .*EADDRINUSE/u);
    expect([said.ok, said.degraded ?? []]).toEqual([true, []]);
    const line = await lines.until((text) => text.includes("figures cannot be read here"));
    expect(JSON.parse(line)).toMatchObject({ level: "error", host: "127.0.0.1", port });
  } finally {
    await taken.close();
  }
});

test("hooks of one's own are told beside those of the figures", async () => {
  const counted = recorder<string>();
  const { url } = await start({ METRICS_PORT: "0" }, { onCounter: (name) => counted.push(name) });

  await say("hello");

  await counted.until((name) => name === "messages_handled");
  await until(async () => (await figure(url, HANDLED)) === "1");
});

async function listen(): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server has no port");
  return { port: address.port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
