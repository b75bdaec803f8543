import { randomBytes } from "node:crypto";
import process from "node:process";
import { type Client, type ConnectOptions, connect, type Hooks, type Log } from "@ts-tars/mqtt";
import { holdToTopics } from "../access/hold-to-topics.ts";
import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import type { Fields, Values } from "../config/define.ts";
import { RunningSettings } from "../config/running-settings.ts";
import type { Settings } from "../config/settings.ts";
import type { Health, Rehearsal, ServiceDefinition, ServiceDeps } from "../service-definition.ts";
import { followActivity } from "./activity.ts";
import { inTime, pause, playRounds, type RehearsalBudget, type Rehearsed } from "./play-rounds.ts";
import { openPrivateBroker } from "./private-broker.ts";

/**
 * What starts beside comes first: for 4 s models are loaded, and the recogniser measures what this machine can do. After 400 rounds V8 has
 * compiled what a turn runs; a board on which they take longer is spared the rest.
 */
const BUDGET: RehearsalBudget = {
  afterMs: 4_000,
  rounds: 400,
  computingMs: 2_000,
  wholeMs: 10_000,
  roundMs: 2_000,
  quietMs: 1_000,
};
/** What hangs in private is given up so long after it was told to end. */
const ENDING_MS = 1_000;

/** A data and a control link for the service, and for who plays the others. */
const CONNECTIONS = 4;
/** One protocol, so that nothing is tried; nobody waits for what is on its way at the end. */
const LINK: Pick<ConnectOptions, "protocol" | "control" | "drainMs"> = { protocol: "5", control: true, drainMs: 200 };

const ignore = (): void => undefined;
const SILENT_LOG: Log = Object.freeze({ debug: ignore, info: ignore, warn: ignore, error: ignore });
const PRIVATE_HEALTH: Health = Object.freeze({ ok: ignore, degraded: ignore, detail: ignore });

/** What a rehearsal is made with; all but the settings and the log has a default. */
export interface RehearsalParts<F extends Fields> {
  readonly settings: Pick<Settings<F>, "instance" | "service" | "rehearsal">;
  /** Is told in one line of `debug` how it went, and nothing else. */
  readonly log: Pick<Log, "debug">;
  readonly budget?: RehearsalBudget;
  readonly clock?: Clock;
  readonly computedMs?: () => number;
  readonly openBroker?: typeof openPrivateBroker;
}

/** A rehearsal of a service that is at work. Disposing it ends it, and resolves when nothing of it is left. */
export interface RunningRehearsal extends AsyncDisposable {
  /** Of the service's own client, which goes first: what comes to it interrupts the rehearsal. */
  readonly hooks: Pick<Hooks, "onCounter">;
  /** Begins, at the first call. Whatever goes wrong is told to the log alone. */
  begin(): void;
}

/**
 * Rehearses a service beside itself: another instance of it, with ports that touch nothing, at a broker of this process alone. Does
 * nothing where the service has no rehearsal, or the setting `REHEARSAL_ENABLED` is false.
 */
export function rehearsalOf<F extends Fields>(
  definition: ServiceDefinition<F>,
  parts: RehearsalParts<F>,
): RunningRehearsal {
  const stop = new AbortController();
  const rehearsal = parts.settings.rehearsal.values.enabled ? definition.rehearsal : undefined;
  const { hooks, quietMs } = followActivity(parts.clock ?? SYSTEM_CLOCK);
  let running: Promise<void> | undefined;
  return {
    hooks: rehearsal === undefined ? {} : hooks,
    begin: () => {
      if (rehearsal === undefined || stop.signal.aborted) return;
      const deps = (client: Client): ServiceDeps<Values<F>> => depsOf(definition, parts.settings, client);
      running ??= tellOf(perform({ ...parts, rehearsal, deps, quietMs, signal: stop.signal }), parts.log);
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };
}

/** Never rejects: whatever goes wrong in private stays there. */
async function tellOf(performance: Promise<Rehearsed>, log: Pick<Log, "debug">): Promise<void> {
  try {
    const { outcome, rounds, tookMs, computedMs } = await performance;
    log.debug({ outcome, rounds, took_ms: tookMs, computed_ms: computedMs }, "rehearsed");
  } catch (error) {
    log.debug({ err: error }, "the rehearsal was given up");
  }
}

interface Performance<F extends Fields> extends RehearsalParts<F> {
  readonly rehearsal: Rehearsal<Values<F>>;
  readonly deps: (client: Client) => ServiceDeps<Values<F>>;
  readonly quietMs: () => number;
  readonly signal: AbortSignal;
}

async function perform<F extends Fields>(performance: Performance<F>): Promise<Rehearsed> {
  const { rehearsal, deps, signal, settings, quietMs, budget = BUDGET, clock = SYSTEM_CLOCK } = performance;
  const { openBroker = openPrivateBroker, computedMs = processorMs } = performance;
  const patience = { clock, signal, deadlineMs: budget.roundMs, what: "The start" };
  await pause(budget.afterMs, { clock, signal });
  await using stack = new AsyncDisposableStack();
  const { url, credentials } = stack.use(await openBroker({ connections: CONNECTIONS }));
  const open = (source: string): Client => stack.use(connect({ ...LINK, url, credentials, source }));
  const [others, client] = [open("rehearsal"), open(settings.instance)];
  await inTime(Promise.all([others.ready(), client.ready()]), patience);
  const play = await inTime(rehearsal.cast(others), patience);
  const service = await rehearsal.create(deps(client));
  const [ready, ending, broken] = [Promise.withResolvers<void>(), new AbortController(), new AbortController()];
  const work = service({ stop: ending.signal, ready: ready.resolve }).then(
    () => broken.abort(new Error("The rehearsed service ended by itself.")),
    (error: unknown) => broken.abort(error),
  );
  stack.defer(async () => {
    ending.abort();
    await inTime(work, { clock, deadlineMs: ENDING_MS, what: "The end" });
  });
  const whole = AbortSignal.any([signal, broken.signal]);
  await inTime(ready.promise, { ...patience, signal: whole });
  return await playRounds(play, { clock, computedMs, quietMs, budget, signal: whole });
}

/** As the service has them, but private. */
function depsOf<F extends Fields>(
  { config: { fields }, topics }: ServiceDefinition<F>,
  { service, instance }: RehearsalParts<F>["settings"],
  client: Client,
): ServiceDeps<Values<F>> {
  return {
    config: service.values,
    settings: new RunningSettings(fields, service, SILENT_LOG),
    client: holdToTopics(client, instance, topics),
    log: SILENT_LOG,
    health: PRIVATE_HEALTH,
    share: undefined,
    boot: randomBytes(16).toString("hex"),
  };
}

/** Of all threads: what V8 compiles beside counts too. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
