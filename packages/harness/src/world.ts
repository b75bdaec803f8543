import { DEFAULT_DEADLINE_MS, within } from "./deadline.ts";

/** What `@ts-tars/service` calls a service, in its shape: users of `@ts-tars/testing` need not install that package. */
export type WorldService = (lifetime: { readonly stop: AbortSignal; ready(): void }) => Promise<void>;

/** Which services, and how long they may take. */
export interface WorldOptions {
  readonly services: Readonly<Record<string, WorldService>>;
  /** Until all are ready. */
  readonly readyDeadlineMs?: number;
  /** For each stop. */
  readonly stopDeadlineMs?: number;
}

/** Services that run in the test's process. */
export interface World extends AsyncDisposable {
  /** Whether the service has been started and has not ended. */
  isRunning(name: string): boolean;
  /** Resolves when the service has ended. @throws what it threw. */
  ended(name: string): Promise<void>;
  /** Starts a service that has ended again; resolves when it is ready. */
  start(name: string): Promise<void>;
  /** Stops one service, or all. @throws what a service threw, or `DeadlineError` when one does not end. */
  stop(name?: string): Promise<void>;
}

/** Starts all services side by side; resolves when all are ready. When one fails, the others are stopped. */
export async function openWorld({ services, ...deadlines }: WorldOptions): Promise<World> {
  const { readyDeadlineMs = DEFAULT_DEADLINE_MS, stopDeadlineMs = DEFAULT_DEADLINE_MS } = deadlines;
  const running = new Map<string, Running>();

  async function start(name: string): Promise<void> {
    const service = services[name];
    if (service === undefined) throw new RangeError(`There is no service "${name}" in this world.`);
    if (running.get(name)?.isRunning === true) throw new Error(`Service "${name}" runs already.`);
    const started = runService(service);
    running.set(name, started);
    const ready = Promise.race([
      started.ready,
      started.ended.then(() => Promise.reject(new Error(`Service "${name}" ended before it was ready.`))),
    ]);
    await within(readyDeadlineMs, ready, () => `service "${name}" is not ready`);
  }

  async function stop(name?: string): Promise<void> {
    const names = name === undefined ? [...running.keys()] : [name];
    const endings = names.map((each) => {
      const { stop, ended } = requireRunning(each);
      stop();
      return within(stopDeadlineMs, ended, () => `service "${each}" was told to stop and did not end`);
    });
    throwFailures(await Promise.allSettled(endings));
  }

  function requireRunning(name: string): Running {
    const found = running.get(name);
    if (found === undefined) throw new RangeError(`Service "${name}" was never started.`);
    return found;
  }

  const starts = await Promise.allSettled(Object.keys(services).map(start));
  if (starts.some(({ status }) => status === "rejected")) {
    // Whatever fails now follows from the first failure.
    await stop().catch(() => undefined);
    throwFailures(starts);
  }
  return {
    isRunning: (name) => running.get(name)?.isRunning === true,
    ended: (name) => requireRunning(name).ended,
    start,
    stop,
    [Symbol.asyncDispose]: () => stop(),
  };
}

interface Running {
  readonly isRunning: boolean;
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
  readonly stop: () => void;
}

function runService(service: WorldService): Running {
  const stopping = new AbortController();
  let isRunning = true;
  let ready: () => void = () => undefined;
  const whenReady = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const run = async (): Promise<void> => {
    try {
      await service({ stop: stopping.signal, ready: () => ready() });
    } finally {
      isRunning = false;
    }
  };
  const ended = run();
  ended.catch(() => undefined); // heard by whoever stops it or waits for its end
  return {
    get isRunning() {
      return isRunning;
    },
    ready: whenReady,
    ended,
    stop: () => stopping.abort(),
  };
}

function throwFailures(results: readonly PromiseSettledResult<unknown>[]): void {
  const reasons = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  if (reasons.length === 1) throw reasons[0];
  if (reasons.length > 1) throw new AggregateError(reasons, `${reasons.length} services failed.`);
}
