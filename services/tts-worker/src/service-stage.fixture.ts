/** A tts-worker at a real broker, and somebody who talks to it. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HealthPing, systemHealth, type TtsSay, type TtsStatus, ttsSay, ttsStatus } from "@ts-tars/contracts";
import {
  openBroker,
  openWorld,
  type Recorder,
  recorder,
  type TestBroker,
  type TestBrokerOptions,
  type World,
} from "@ts-tars/harness";
import { type Client, connect } from "@ts-tars/mqtt";
import { startService } from "@ts-tars/service";
import { ttsWorkerService } from "./definition.ts";

export const id = (): string => randomBytes(16).toString("hex");

export interface ServiceStage extends AsyncDisposable {
  readonly client: Client;
  readonly broker: TestBroker;
  readonly world: World;
  readonly statuses: Recorder<TtsStatus>;
  readonly healths: Recorder<HealthPing>;
  readonly url: string;
  /** Gone with the stage. */
  readonly folder: string;
  /** Asks for a sentence; its `say_id`. */
  say(text: string, more?: Partial<TtsSay>): string;
  /** The end of a sentence. */
  untilEnd(sayId: string): Promise<TtsStatus>;
}

export async function openServiceStage(
  env: Readonly<Record<string, string>> | ((folder: string) => Readonly<Record<string, string>>),
  { persistence = false }: Pick<TestBrokerOptions, "persistence"> = {},
): Promise<ServiceStage> {
  const stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "tts-worker-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const broker = stack.use(await openBroker({ persistence }));
  const whole = {
    ...{ MQTT_URL: broker.url, XDG_CONFIG_HOME: "/nowhere", TARS_LOG_LEVEL: "silent" },
    ...(typeof env === "function" ? env(folder) : env),
  };
  const client = stack.use(connect({ url: broker.url, source: "router" }));
  const statuses = recorder<TtsStatus>(({ event, text, reason, detail }) => `${event} ${text} ${reason} ${detail}`);
  const healths = recorder<HealthPing>();
  await client.subscribe(ttsStatus, ({ data }) => statuses.push(data)).active;
  await client.subscribe(systemHealth.at({ service: "tts-worker" }), ({ data }) => healths.push(data)).active;
  const world = stack.use(
    await openWorld({
      services: { tts: (lifetime) => startService(ttsWorkerService, { lifetime, sources: { env: whole } }) },
    }),
  );
  return {
    ...{ client, broker, world, statuses, healths, url: broker.url, folder },
    say: (text, more = {}) => {
      const sayId = id();
      client.publish(ttsSay, { utt_id: id(), say_id: sayId, seq: 0, kind: "answer", text, last: true, ...more });
      return sayId;
    },
    untilEnd: (sayId) =>
      statuses.until(({ event, say_id }) => say_id === sayId && (event === "speaking_end" || event === "failed"), {
        deadlineMs: 30_000,
      }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
