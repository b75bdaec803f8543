/** A bird with its settings in a file of its own, at a real broker, and somebody who asks it to change them. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ConfigCurrent,
  type ConfigSchema,
  type ConfigSetReply,
  configCurrent,
  configSchema,
  configSet,
  type HealthPing,
  systemHealth,
} from "@ts-tars/contracts";
import {
  inspectAtEnd,
  openBroker,
  openWorld,
  type RawMessage,
  type Recorder,
  rawClient,
  recorder,
  type World,
} from "@ts-tars/harness";
import { type Client, connect } from "@ts-tars/mqtt";
import { aborted } from "../lifetime.ts";
import { createLog } from "../log.ts";
import { defineService } from "../service-definition.ts";
import { startService } from "../start-service.ts";
import { parrotConfig } from "./settings.fixture.ts";

/** What a stage begins with. */
export interface StageOptions {
  /** The file; undefined: there is none. */
  readonly file?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Default Mosquitto. */
  readonly kind?: "mosquitto" | "aedes";
  /** Default: its own `parrot`. */
  readonly services?: readonly string[];
}

export interface SettingsStage extends AsyncDisposable {
  readonly client: Client;
  readonly world: World;
  readonly url: string;
  readonly path: string;
  /** Everything that anybody publishes. */
  readonly wire: Recorder<RawMessage>;
  readonly currents: Recorder<ConfigCurrent>;
  readonly schemas: Recorder<ConfigSchema>;
  readonly healths: Recorder<HealthPing>;
  readonly logLines: Recorder<string>;
  /** What the birds took while they ran, as `perches 4`; and as they started, `start {…}`. */
  readonly taken: Recorder<string>;
  set(values: Readonly<Record<string, unknown>>, service?: string): Promise<ConfigSetReply>;
  readFile(): Promise<string>;
}

export async function openSettingsStage({
  file,
  env = {},
  kind = "mosquitto",
  services = ["parrot"],
}: StageOptions = {}): Promise<SettingsStage> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "tars-settings-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const path = join(folder, "config.yaml");
  if (file !== undefined) await writeFile(path, file, { mode: 0o644 });
  const broker = stack.use(await openBroker({ kind }));
  const raw = await rawClient({ url: broker.url, protocolVersion: kind === "aedes" ? 4 : 5 });
  stack.defer(() => raw.end());
  await raw.subscribe("#", { qos: 1, rap: true });
  const client = stack.use(inspectAtEnd("the page's client", connect({ url: broker.url, source: "page" })));
  const heard = await listen(client);
  const [logLines, taken] = [recorder<string>(), recorder<string>()];
  const sources = {
    env: {
      ...(file === undefined ? { XDG_CONFIG_HOME: folder } : { TARS_CONFIG: path }),
      MQTT_URL: broker.url,
      ...env,
    },
  };
  const world = stack.use(
    await openWorld({
      services: Object.fromEntries(
        services.map((name) => [
          name,
          (lifetime) => {
            const log = createLog({ name, level: "info", stream: { write: (line) => logLines.push(line) } });
            return startService(bird(name, taken), { lifetime, sources, log });
          },
        ]),
      ),
    }),
  );
  const kept = stack.move();
  return {
    ...heard,
    ...{ client, world, url: broker.url, wire: raw.received, logLines, taken },
    path: file === undefined ? join(folder, "ts-tars", "config.yaml") : path,
    set: (values, service = "parrot") => client.request(configSet.at({ service }), { values }, { timeoutMs: 10_000 }),
    readFile: () => readFile(file === undefined ? join(folder, "ts-tars", "config.yaml") : path, "utf8"),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const bird = (name: string, taken: Recorder<string>) =>
  defineService({
    name,
    topics: {},
    config: { ...parrotConfig, name },
    create: ({ config, settings, client, log }) => {
      const { greeting, perches, mood, apiKey } = config;
      taken.push(`start ${JSON.stringify({ greeting, perches, mood, hasKey: apiKey !== undefined })}`);
      settings.watch("perches", (value) => taken.push(`perches ${value}`));
      settings.watch("minDelaySec", (value) => taken.push(`minDelaySec ${value}`));
      settings.watch("greeting", (value) => {
        if (value === "choke") throw new Error("no air");
        log.debug({ greeting: value }, "greeting taken");
      });
      return async ({ stop, ready }) => {
        await client.ready();
        ready();
        await aborted(stop);
      };
    },
  });

async function listen(client: Client) {
  const [currents, schemas, healths] = [recorder<ConfigCurrent>(), recorder<ConfigSchema>(), recorder<HealthPing>()];
  const parrot = { service: "parrot" };
  await Promise.all([
    client.subscribe(configCurrent.at(parrot), ({ data }) => currents.push(data)).active,
    client.subscribe(configSchema.at(parrot), ({ data }) => schemas.push(data)).active,
    client.subscribe(systemHealth.at(parrot), ({ data }) => healths.push(data)).active,
  ]);
  return { currents, schemas, healths };
}
