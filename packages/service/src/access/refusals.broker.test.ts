/** A service whose user lacks a right that it needs: it says which, and what helps, and works on. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HealthPing, systemHealth, ttsSay, ttsStatus } from "@ts-tars/contracts";
import { openBroker, recorder, type TestBroker, within } from "@ts-tars/harness";
import { connect } from "@ts-tars/mqtt";
import { afterEach, beforeEach, expect, test } from "vitest";
import { defineConfig } from "../config/define.ts";
import { aborted } from "../lifetime.ts";
import { createLog } from "../log.ts";
import { defineService } from "../service-definition.ts";
import { startService } from "../start-service.ts";

const parrot = defineService({
  name: "parrot",
  topics: { publishes: [ttsStatus], subscribes: [ttsSay] },
  config: defineConfig({ name: "parrot", prefix: "PARROT", fields: {} }),
  create:
    ({ client }) =>
    async ({ stop, ready }) => {
      const say = client.subscribe(
        ttsSay,
        ({ data }) => void client.publish(ttsStatus, { event: "queued", text: data.text }),
      );
      await say.active;
      ready();
      await aborted(stop);
    },
});

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly topic?: string;
  readonly remedy?: string;
}

let directory: string;
let broker: TestBroker;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ts-tars-refusals-"));
  const aclFile = join(directory, "acl");
  await writeFile(
    aclFile,
    "topic readwrite system/#\ntopic readwrite dead/#\ntopic readwrite config/#\ntopic readwrite tts/say\n",
  );
  broker = await openBroker({ aclFile });
});
afterEach(async () => {
  await broker[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

function start(protocol: "5" | "3.1.1") {
  const lines = recorder<Line>(({ msg, topic }) => `${msg} ${topic ?? ""}`);
  const log = createLog({ name: "parrot", level: "info", stream: { write: (text) => lines.push(JSON.parse(text)) } });
  const stop = new AbortController();
  const ready = Promise.withResolvers<void>();
  const ended = startService(parrot, {
    lifetime: { stop: stop.signal, ready: () => ready.resolve() },
    sources: { env: { XDG_CONFIG_HOME: "/nonexistent", MQTT_URL: broker.url, MQTT_PROTOCOL: protocol } },
    log,
  });
  return {
    lines,
    ready: () => within(10_000, Promise.race([ready.promise, ended])),
    stop: () => {
      stop.abort();
      return ended;
    },
  };
}

test("on MQTT 5 a refused topic stands in the log once, and in the health with what helps", async () => {
  const service = start("5");
  await service.ready();
  await using person = connect({ url: broker.url, source: "person" });
  const healths = recorder<HealthPing>(({ event }) => event ?? "");
  await person.subscribe(systemHealth.at({ service: "parrot" }), ({ data }) => healths.push(data)).active;

  person.publish(ttsSay, { text: "one" });
  person.publish(ttsSay, { text: "two" });

  await service.lines.untilAll((seen) => seen.filter(({ msg }) => msg === "message not delivered").length === 2);
  const { degraded } = await healths.until(({ event }) => event === "degraded");
  await service.stop();
  expect(degraded).toEqual([
    expect.stringMatching(/^The broker does not let parrot publish on tts\/status\. Give its user the right/u),
  ]);
  expect(service.lines.seen.filter(({ level }) => level === "error")).toEqual([
    expect.objectContaining({ topic: "tts/status", remedy: expect.stringContaining("access list") }),
  ]);
});

test("on MQTT 3.1.1 the broker acknowledges and drops: the service takes it for delivered, and nobody has got it", async () => {
  const service = start("3.1.1");
  await service.ready();
  await using person = connect({ url: broker.url, source: "person" });
  const heard = recorder<string>();
  await person.subscribe(ttsStatus, ({ data }) => heard.push(data.event)).active;
  const answers = recorder<string>();
  await person.subscribe(ttsSay, ({ data }) => answers.push(data.text)).active;

  await person.publishConfirmed(ttsSay, { text: "one" });
  await service.stop();
  await person.publishConfirmed(ttsSay, { text: "fence" });
  await answers.until((text) => text === "fence");

  expect(heard.seen).toEqual([]);
  expect(service.lines.seen.filter(({ level }) => level !== "info")).toEqual([]);
});
