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

export type Said =
  | { readonly type: "final"; readonly data: FinalTranscript }
  | { readonly type: "refused"; readonly data: RefusedTranscript }
  | { readonly type: "partial"; readonly data: PartialTranscript };

export type SaidOnce = Exclude<Said, { type: "partial" }>;

export interface Stage extends AsyncDisposable {
  readonly broker: TestBroker;
  readonly world: World;
  readonly client: Client;
  /** Of all sites. */
  readonly states: Recorder<SttState>;
  readonly healths: Recorder<HealthPing>;
  readonly stateDir: string;
  /** A site with a microphone or a file of its own, known by nobody yet. */
  room(options?: RoomOptions): Room;
}

export interface RoomOptions {
  readonly siteId?: string;
  /** Default true. */
  readonly isFile?: boolean;
}

export interface Room {
  readonly siteId: string;
  readonly captureId: string;
  readonly uttId: string;
  /** Finals, refusals and partials, in order. */
  readonly said: Recorder<Said>;
  /** Sends sound, the last frame marked as such; resolves when it is sent. Default speed 1: real time. */
  play(pcm: Int16Array, speed?: number): Promise<void>;
  grant(order?: Partial<WakeMicCommand>): void;
  /** Grants the turn for this sound, and resolves when the ears are open. */
  open(order?: Partial<WakeMicCommand>): Promise<void>;
  /** The next transcript or refusal. */
  outcome(): Promise<SaidOnce>;
}

export interface StageOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Default true: a person has allowed the microphones. */
  readonly isAllowed?: boolean;
  /** Default true: the recogniser is up. */
  readonly isWarm?: boolean;
  /** The broker keeps over its end what it holds. Default false. */
  readonly persistence?: boolean;
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const { env = {}, isAllowed = true, isWarm = true, persistence = false } = options;
  await using stack = new AsyncDisposableStack();
  const broker = stack.use(await openBroker({ persistence }));
  const stateDir = await mkdtemp(join(tmpdir(), "stt-state-"));
  stack.defer(() => rm(stateDir, { recursive: true, force: true }));
  const settings = {
    MQTT_URL: broker.url,
    XDG_CONFIG_HOME: "/nowhere",
    TARS_LOG_LEVEL: "silent",
    STT_SOURCE: "none",
    STT_PROFILE: "full",
    STT_STATE_DIR: stateDir,
    ...env,
  };
  const world = stack.use(
    await openWorld({
      services: { stt: (lifetime) => startService(sttWorkerService, { lifetime, sources: { env: settings } }) },
    }),
  );
  const client = stack.use(connect({ url: broker.url, source: "router" }));
  const rooms = new Map<string, Recorder<Said>>();
  const hear = (said: Said): void => rooms.get(said.data.site_id)?.push(said);
  const states = recorder<SttState>(shortState);
  const healths = recorder<HealthPing>(({ event, degraded, detail }) => JSON.stringify({ event, degraded, detail }));
  await Promise.all([
    client.subscribe(sttFinal, ({ data }) => hear({ type: "final", data })).active,
    client.subscribe(sttRefused, ({ data }) => hear({ type: "refused", data })).active,
    client.subscribe(sttPartial, ({ data }) => hear({ type: "partial", data })).active,
    client.subscribe(sttState, ({ data }) => states.push(data)).active,
    client.subscribe(systemHealth.at({ service: "stt-worker" }), ({ data }) => healths.push(data)).active,
  ]);
  if (isAllowed) {
    client.publish(sttPrivacy, { on: false, reason: "test" });
    await states.until(({ privacy }) => !privacy);
  }
  if (isWarm) await healths.until(({ detail }) => detail?.["profile"] !== undefined, PATIENT);
  const stop = new AbortController();
  stack.defer(() => stop.abort());
  const owned = stack.move();
  return {
    ...{ broker, world, client, states, healths, stateDir },
    room: ({ siteId = `room-${mintId().slice(24)}`, isFile = true } = {}) => {
      const said = recorder<Said>(({ type, data }) => `${type} ${JSON.stringify(data)}`);
      rooms.set(siteId, said);
      return openRoom({ client, states, said, siteId, isFile, signal: stop.signal });
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface RoomParts extends Pick<Stage, "client" | "states"> {
  readonly said: Recorder<Said>;
  readonly siteId: string;
  readonly isFile: boolean;
  readonly signal: AbortSignal;
}

function openRoom({ client, states, said, siteId, isFile, signal }: RoomParts): Room {
  const [captureId, uttId] = [mintId().slice(16), mintId()];
  const grant: Room["grant"] = (order = {}) =>
    void client.publish(wakeMic, { site_id: siteId, grant: "open", utt_id: uttId, ttl_ms: 8_000, ...order });
  return {
    ...{ siteId, captureId, uttId, said, grant },
    play: (pcm, speed = 1) =>
      sendSound(client, { siteId, captureId, pcm, speed, isFile }, { clock: SYSTEM_CLOCK, signal }),
    open: async (order) => {
      grant({ capture_id: captureId, from_sample: 0, ...order });
      await states.until((state) => state.site_id === siteId && state.grant === "open");
    },
    outcome: async () => {
      const seen = await said.takeThrough(({ type }) => type !== "partial", PATIENT);
      return seen.at(-1) as SaidOnce; // takeThrough ends with one that satisfies
    },
  };
}

const shortState = ({ site_id, hearing, grant, activity, privacy }: SttState): string =>
  `${site_id} ${hearing.source}/${hearing.state} ${grant} ${activity} privacy ${privacy}`;

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
