import type { Broker, BrokerExit } from "./broker.ts";
import { type Backoff, DEFAULT_BACKOFF, restartDelayMs } from "./restart-delay.ts";

/** What a supervised broker is doing. */
export type BrokerState =
  | { readonly kind: "up"; readonly broker: Broker }
  | {
      readonly kind: "down";
      /** It ended by itself, or it could not be started again. */
      readonly cause: { readonly exit: BrokerExit } | { readonly error: unknown };
      readonly restartInMs: number;
      /** Crashes and failed starts in a row. */
      readonly failureCount: number;
    }
  | { readonly kind: "stopped" };

/** How a broker is kept running. */
export interface SuperviseOptions {
  /** Starts the broker; `first` is undefined the first time, and the first broker, whose ports to take again, ever after. */
  readonly start: (first: Broker | undefined) => Promise<Broker>;
  /** Told of every state, the first included. */
  readonly onState?: (state: BrokerState) => void;
  readonly backoff?: Partial<Backoff>;
  /** Time and chance, for tests. */
  readonly nowMs?: () => number;
  readonly random?: () => number;
  readonly setTimer?: (afterMs: number, fire: () => void) => () => void;
}

/** A broker that comes back after a crash: same address, and same store as far as its `start` gives it one. */
export interface SupervisedBroker {
  readonly kind: Broker["kind"];
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly websocketUrl: string | undefined;
  readonly state: BrokerState;
  /** Ends it for good. Idempotent, never throws. */
  stop(): Promise<void>;
}

/** Starts a broker and keeps it running. @throws what its first start throws. */
export async function superviseBroker(options: SuperviseOptions): Promise<SupervisedBroker> {
  const first = await options.start(undefined);
  const supervisor = new Supervisor(first, options);
  const { kind, url, host, port, websocketUrl } = first;
  return {
    kind,
    url,
    host,
    port,
    websocketUrl,
    get state() {
      return supervisor.state;
    },
    stop: () => supervisor.stop(),
  };
}

class Supervisor {
  readonly #options: SuperviseOptions;
  readonly #backoff: Backoff;
  readonly #nowMs: () => number;
  readonly #first: Broker;
  #state: BrokerState;
  #upSinceMs: number;
  #failureCount = 0;
  #cancelTimer: () => void = () => undefined;
  /** The restart under way, if any; never rejects. */
  #restarting: Promise<void> = Promise.resolve();

  constructor(first: Broker, options: SuperviseOptions) {
    this.#options = options;
    this.#backoff = { ...DEFAULT_BACKOFF, ...options.backoff };
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#first = first;
    this.#upSinceMs = this.#nowMs();
    this.#state = { kind: "up", broker: first };
    this.#enterUp(first);
  }

  get state(): BrokerState {
    return this.#state;
  }

  async stop(): Promise<void> {
    const state = this.#state;
    if (state.kind !== "stopped") this.#become({ kind: "stopped" });
    this.#cancelTimer();
    if (state.kind === "up") await state.broker.stop();
    await this.#restarting;
  }

  #become(state: BrokerState): void {
    this.#state = state;
    this.#options.onState?.(state);
  }

  #enterUp(broker: Broker): void {
    this.#upSinceMs = this.#nowMs();
    this.#become({ kind: "up", broker });
    void broker.exited.then((exit) => {
      if (this.#state.kind === "stopped") return;
      if (this.#nowMs() - this.#upSinceMs >= this.#backoff.steadyMs) this.#failureCount = 0;
      this.#enterDown({ exit });
    });
  }

  #enterDown(cause: Extract<BrokerState, { kind: "down" }>["cause"]): void {
    this.#failureCount += 1;
    const random = this.#options.random ?? Math.random;
    const restartInMs = restartDelayMs(this.#failureCount, random(), this.#backoff);
    const setTimer = this.#options.setTimer ?? setRealTimer;
    this.#cancelTimer = setTimer(restartInMs, () => {
      this.#restarting = this.#restart();
    });
    this.#become({ kind: "down", cause, restartInMs, failureCount: this.#failureCount });
  }

  async #restart(): Promise<void> {
    try {
      const broker = await this.#options.start(this.#first);
      // `stop` may have come while it started; it waits for this.
      if (this.state.kind === "stopped") await broker.stop();
      else this.#enterUp(broker);
    } catch (error) {
      if (this.state.kind !== "stopped") this.#enterDown({ error });
    }
  }
}

function setRealTimer(afterMs: number, fire: () => void): () => void {
  const timer = setTimeout(fire, afterMs);
  return () => clearTimeout(timer);
}
