/** A router over a real broker, and somebody who plays everyone else by hand. */
import { randomBytes } from "node:crypto";
import {
  type LLMRequest,
  llmRequest,
  systemHealth,
  type TtsSay,
  type TtsStatus,
  type TurnAnswer,
  type TurnRecord,
  type TurnReport,
  ttsSay,
  ttsStatus,
  turnAnswer,
  turnAsk,
  turnRecord,
  turnReport,
} from "@ts-tars/contracts";
import { openBroker, openWorld, type Recorder, recorder, type TestBroker, type World } from "@ts-tars/harness";
import { type Client, connect } from "@ts-tars/mqtt";
import { startService } from "@ts-tars/service";
import { routerService } from "./definition.ts";

export const newId = (): string => randomBytes(16).toString("hex");

type WorkerName = "tts-worker" | "llm-worker" | "stt-worker";

/** Of every worker that the stage plays. */
export const STAGE_BOOT = "a".repeat(32);

/** An answer with what its envelope says. */
export interface Answered extends TurnAnswer {
  readonly errorCode: string | undefined;
  readonly correlationId: string | undefined;
}

export interface Stage extends AsyncDisposable {
  readonly broker: TestBroker;
  readonly world: World;
  readonly client: Client;
  readonly answers: Recorder<Answered>;
  readonly says: Recorder<TtsSay>;
  readonly requests: Recorder<LLMRequest>;
  readonly reports: Recorder<TurnReport>;
  readonly records: Recorder<TurnRecord>;
  /** Asks, and returns the turn's id. */
  ask(text: string, options?: { readonly speak?: "auto" | "yes" | "no"; readonly utt_id?: string }): string;
  final(uttId: string): Promise<Answered>;
  /** Lets the loudspeaker report on a sentence. */
  sound(say: TtsSay, event: TtsStatus["event"], more?: Partial<TtsStatus>): void;
  /** Lets a worker say that it is there, or not. */
  sign(service: WorkerName, ok: boolean): void;
}

export interface StageOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Workers that are there when the router starts. */
  readonly workers?: readonly WorkerName[];
  /** Before the router starts. */
  readonly before?: (client: Client) => Promise<unknown>;
  /** The broker keeps over its end what it holds. Default false. */
  readonly persistence?: boolean;
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const { env = {}, workers = [], before, persistence = false } = options;
  await using stack = new AsyncDisposableStack();
  const broker = stack.use(await openBroker({ persistence }));
  const client = stack.use(connect({ url: broker.url, clientId: "stage", source: "stage" }));
  const heard = listen(client);
  await Promise.all(heard.active);
  const session = newId().slice(0, 16);
  const sign: Stage["sign"] = (service, ok) => {
    client.publish(systemHealth.at({ service }), { ok, event: ok ? "ready" : "lost", boot: STAGE_BOOT, session });
  };
  for (const service of workers) sign(service, true);
  await before?.(client);
  await client.flush();
  const sources = {
    env: {
      MQTT_URL: broker.url,
      XDG_CONFIG_HOME: "/nowhere",
      XDG_STATE_HOME: "/proc/nowhere",
      TARS_LOG_LEVEL: "silent",
      TZ: "UTC",
      ...env,
    },
  };
  const world = stack.use(
    await openWorld({ services: { router: (lifetime) => startService(routerService, { lifetime, sources }) } }),
  );
  const kept = stack.move();
  return {
    ...heard.recorders,
    ...actionsOf(client, heard.recorders.answers),
    sign,
    broker,
    world,
    client,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function listen(client: Client) {
  const recorders = {
    answers: recorder<Answered>(
      ({ path, text, final, errorCode }) => `${path} ${text} ${final ? "final" : ""} ${errorCode ?? ""}`,
    ),
    says: recorder<TtsSay>(({ text, seq, last }) => `${seq} ${text} ${last}`),
    requests: recorder<LLMRequest>(),
    reports: recorder<TurnReport>(),
    records: recorder<TurnRecord>(),
  };
  const subscriptions = [
    client.subscribe(turnAnswer, ({ data, error, correlationId }) =>
      recorders.answers.push({ ...data, errorCode: error?.code, correlationId }),
    ),
    client.subscribe(ttsSay, ({ data }) => recorders.says.push(data)),
    client.subscribe(llmRequest, ({ data }) => recorders.requests.push(data)),
    client.subscribe(turnReport, ({ data }) => recorders.reports.push(data)),
    client.subscribe(turnRecord, ({ data }) => recorders.records.push(data)),
  ];
  return { recorders, active: subscriptions.map(({ active }) => active) };
}

function actionsOf(client: Client, answers: Recorder<Answered>): Pick<Stage, "ask" | "final" | "sound"> {
  return {
    ask: (text, { speak = "auto", utt_id = newId() } = {}) => {
      client.publish(turnAsk, { utt_id, text, speak, origin: "typed" });
      return utt_id;
    },
    final: (uttId) => answers.until(({ utt_id, final }) => utt_id === uttId && final),
    sound: (say, event, more = {}) => {
      const { utt_id, say_id, seq, last, kind, text } = say;
      const named = Object.fromEntries(
        Object.entries({ utt_id, say_id, seq, last, kind }).filter(([, value]) => value !== undefined),
      );
      client.publish(ttsStatus, { event, text, ...named, ...more });
    },
  };
}
