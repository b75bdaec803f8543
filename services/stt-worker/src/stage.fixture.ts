/** An stt-worker over a real broker, and somebody who plays the router and the microphones. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sendSound } from "@ts-tars/audio";
import {
  type FinalTranscript,
  type HealthPing,
  type PartialTranscript,
  type RefusedTranscript,
  type SttState,
  sttFinal,
  sttPartial,
  sttPrivacy,
  sttRefused,
  sttState,
  systemHealth,
  type WakeMicCommand,
  wakeMic,
} from "@ts-tars/contracts";
import { openBroker, openWorld, type Recorder, recorder, type TestBroker, type World } from "@ts-tars/harness";
import { type Client, connect } from "@ts-tars/mqtt";
import { SYSTEM_CLOCK, startService } from "@ts-tars/service";
import { sttWorkerService } from "./definition.ts";

export const mintId = (): string => randomBytes(16).toString("hex");

/** A decoder on a busy machine takes its time to come up. */
export const PATIENT = { deadlineMs: 40_000 } as const;

export type Spoken =
  | { readonly type: "final"; readonly data: FinalTranscript }
  | { readonly type: "refused"; readonly data: RefusedTranscript }
  | { readonly type: "partial"; readonly data: PartialTranscript };

export interface Stage extends AsyncDisposable {
  readonly broker: TestBroker;
  readonly world: World;
  readonly client: Client;
  /** Finals, refusals and partials, in order. */
  readonly said: Recorder<Spoken>;
  readonly states: Recorder<SttState>;
  readonly healths: Recorder<HealthPing>;
  readonly stateDir: string;
  /** Sends a sound as the microphone of a site; resolves when the last frame is sent. */
  play(pcm: Int16Array, options?: PlayOptions): Promise<void>;
  grant(order: Partial<WakeMicCommand>): void;
  /** The next transcript or refusal. */
  outcome(): Promise<Exclude<Spoken, { type: "partial" }>>;
}

export interface PlayOptions {
  readonly siteId?: string;
  readonly captureId?: string;
  /** Default 1: real time. */
  readonly speed?: number;
  /** Default true. */
  readonly isFile?: boolean;
}

export interface StageOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Default true: a person has allowed the microphones. */
  readonly isAllowed?: boolean;
}

export async function openStage({ env = {}, isAllowed = true }: StageOptions = {}): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const broker = stack.use(await openBroker());
  const stateDir = await mkdtemp(join(tmpdir(), "stt-state-"));
  stack.defer(() => rm(stateDir, { recursive: true, force: true }));
  const settings = {
    MQTT_URL: broker.url,
    XDG_CONFIG_HOME: "/nowhere",
    TARS_LOG_LEVEL: "silent",
    STT_SOURCE: "none",
    STT_STATE_DIR: stateDir,
    ...env,
  };
  const world = stack.use(
    await openWorld({
      services: { stt: (lifetime) => startService(sttWorkerService, { lifetime, sources: { env: settings } }) },
    }),
  );
  const client = stack.use(connect({ url: broker.url, source: "router" }));
  const said = recorder<Spoken>(({ type, data }) => `${type} ${JSON.stringify(data)}`);
  const states = recorder<SttState>();
  const healths = recorder<HealthPing>(({ ok, event, degraded, detail }) =>
    JSON.stringify({ ok, event, degraded, detail }),
  );
  await Promise.all([
    client.subscribe(sttFinal, ({ data }) => said.push({ type: "final", data })).active,
    client.subscribe(sttRefused, ({ data }) => said.push({ type: "refused", data })).active,
    client.subscribe(sttPartial, ({ data }) => said.push({ type: "partial", data })).active,
    client.subscribe(sttState, ({ data }) => states.push(data)).active,
    client.subscribe(systemHealth.at({ service: "stt-worker" }), ({ data }) => healths.push(data)).active,
  ]);
  if (isAllowed) {
    client.publish(sttPrivacy, { on: false, reason: "test" });
    await states.until(({ privacy }) => !privacy);
  }
  const stop = new AbortController();
  stack.defer(() => stop.abort());
  const owned = stack.move();
  return {
    ...{ broker, world, client, said, states, healths, stateDir },
    play: (pcm, { siteId = "room", captureId = mintId().slice(16), speed = 1, isFile = true } = {}) =>
      sendSound(client, { siteId, captureId, pcm, speed, isFile }, { clock: SYSTEM_CLOCK, signal: stop.signal }),
    grant: (order) => void client.publish(wakeMic, { site_id: "room", ttl_ms: 8_000, ...order }),
    outcome: async () => {
      const seen = await said.takeThrough(({ type }) => type !== "partial", PATIENT);
      return seen.at(-1) as Exclude<Spoken, { type: "partial" }>; // takeThrough ends with one that satisfies
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The grammar of the tests, as the router publishes it. */
export const COMMANDS = {
  boot: "b".repeat(32),
  version: "commands-1",
  jsgf: `#JSGF V1.0;
grammar commands;
public <command> = what time is it | stop | set a timer for <number> minutes | say hello tars;
<number> = two | five | ten;
`,
  words: [{ word: "tars", phones: "T AA R Z" }],
};
