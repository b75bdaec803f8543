import type { Log } from "@ts-tars/mqtt";
import { Alarm, type Clock } from "@ts-tars/service";
import type { EngineError } from "../errors.ts";
import {
  born,
  dueAtMs,
  type EngineEffect,
  type EngineHappening,
  type EngineLife,
  type EngineLimits,
  step,
} from "./engine-life.ts";
import type { FromEngine } from "./engine-messages.ts";
import { type EngineProcess, engineGuard, startEngineProcess } from "./engine-process.ts";
import { engineError } from "./engine-trouble.ts";

/** What an engine is started with, and who hears of it. */
export interface EngineHostOptions<Init, News> {
  /** As errors and logs name it. */
  readonly name: string;
  /** The entry file, which calls `runEngine`: `new URL("./x-engine.ts", import.meta.url)`. */
  readonly module: URL;
  /** Copied to each new process. */
  readonly init: Init;
  readonly clock: Clock;
  readonly log: Log;
  readonly onNews: (news: News) => void;
  /** Told at each start that succeeded: what was ordered before is forgotten. */
  readonly onUp: () => void;
  /** Told at each end and each failed start; it is tried again by itself. */
  readonly onDown: (error: EngineError) => void;
  /** How long it may be busy with one order, or deaf, before it is killed. Default 5 000. */
  readonly hangLimitMs?: number;
  /** How long its start may take. Default 60 000: a slow board reads a model of 30 MB. */
  readonly startLimitMs?: number;
  /** A draw from [0, 1); for tests. */
  readonly random?: () => number;
}

/** How an engine is. */
export type EngineState =
  | { readonly kind: "starting" }
  | { readonly kind: "up" }
  | { readonly kind: "waiting"; readonly retryInMs: number; readonly cause: EngineError }
  | { readonly kind: "closed" };

/** A decoder in a process of its own, whose crash or endless loop harms nobody else. */
export interface EngineHost<Order> extends AsyncDisposable {
  readonly state: EngineState;
  /**
   * Hands an order over; typed arrays pass as they are. False, and nothing is kept: it is not up, or 512 orders wait already
   * because it is slower than its orders come.
   *
   * @throws a `DataCloneError` when the order holds what cannot be copied.
   */
  post(order: Order): boolean;
  /** Ends the process and starts another one at once: what it was doing took too long, or its wait is. */
  restart(reason: string): void;
}

/** 10 s of sound in frames of 20 ms; whoever sends longer pieces is allowed more. */
const OWED_MAX = 512;

/** Starts `module` as a child process and keeps it running until it is disposed. */
export function openEngineHost<Init, Order, News>(options: EngineHostOptions<Init, News>): EngineHost<Order> {
  return new Host(options);
}

class Host<Init, Order, News> implements EngineHost<Order> {
  readonly #options: EngineHostOptions<Init, News>;
  readonly #limits: EngineLimits;
  readonly #guard = engineGuard();
  readonly #alarm: Alarm;
  readonly #going = new Set<Promise<void>>();
  #process: EngineProcess<Init, Order> | undefined;
  #generation = 0;
  #life: EngineLife;
  /** Set before anyone can see that it is down. */
  #lastError: EngineError | undefined;

  constructor(options: EngineHostOptions<Init, News>) {
    this.#options = options;
    this.#limits = { hangLimitMs: options.hangLimitMs ?? 5_000, startLimitMs: options.startLimitMs ?? 60_000 };
    // What the child has said while this process was busy is read before it is judged.
    this.#alarm = new Alarm(options.clock, () => setImmediate(() => this.#handle({ type: "time_passed" })));
    this.#life = born(options.clock.nowMs());
    this.#alarm.set(dueAtMs(this.#life, this.#limits));
    this.#start();
  }

  get state(): EngineState {
    const life = this.#life;
    if (life.kind !== "waiting") return { kind: life.kind };
    const retryInMs = Math.max(0, life.retryAtMs - this.#options.clock.nowMs());
    const { name } = this.#options;
    return { kind: "waiting", retryInMs, cause: this.#lastError ?? engineError(name, { ...life, lastLines: [] }) };
  }

  post(order: Order): boolean {
    if (this.#life.kind !== "up" || this.#life.owedCount >= OWED_MAX) return false;
    this.#process?.send({ kind: "order", order });
    this.#handle({ type: "ordered" });
    return true;
  }

  restart(reason: string): void {
    this.#handle({ type: "restart_asked", reason });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#handle({ type: "closed" });
    await Promise.all(this.#going);
  }

  #handle(happening: EngineHappening): void {
    const { clock, random = Math.random } = this.#options;
    const [next, effects] = step(this.#life, { ...happening, atMs: clock.nowMs(), random: random() }, this.#limits);
    this.#life = next;
    this.#alarm.set(dueAtMs(next, this.#limits));
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: EngineEffect): void {
    const { name, log, onUp, onDown } = this.#options;
    switch (effect.do) {
      case "start":
        this.#start();
        return;
      case "kill":
        this.#process?.kill();
        return;
      case "ping":
        this.#process?.send({ kind: "ping" });
        return;
      case "tell_up":
        log.info({ engine: name }, "engine is up");
        onUp();
        return;
      case "tell_down": {
        const error = engineError(name, { trouble: effect.trouble, lastLines: this.#process?.lastLines ?? [] });
        this.#lastError = error;
        log.warn({ engine: name, err: error }, "engine is down");
        onDown(error);
        return;
      }
    }
  }

  /** What an earlier process still says is not heard any more. */
  #start(): void {
    this.#generation += 1;
    const generation = this.#generation;
    const ifCurrent = (happen: () => void): void => {
      if (generation === this.#generation) happen();
    };
    const started = this.#guard.then((guard) => {
      if (generation !== this.#generation || this.#life.kind !== "starting") return undefined;
      const { module, init } = this.#options;
      const child = startEngineProcess<Init, Order, News>(module, {
        guard,
        onMessage: (message) => ifCurrent(() => this.#hear(message)),
        onEnd: (how) => ifCurrent(() => this.#handle({ type: "failed", trouble: { kind: "ended", how } })),
      });
      this.#process = child;
      child.send({ kind: "init", init });
      return child.gone;
    });
    const over = started
      .catch((error: unknown) => {
        const how = `before it began: ${error instanceof Error ? error.message : error}`;
        ifCurrent(() => this.#handle({ type: "failed", trouble: { kind: "ended", how } }));
      })
      .finally(() => this.#going.delete(over));
    this.#going.add(over);
  }

  #hear(message: FromEngine<News>): void {
    switch (message.kind) {
      case "up":
        this.#handle({ type: "came_up" });
        return;
      case "done":
        this.#handle({ type: "answered" });
        return;
      case "news":
        this.#handle({ type: "heard" });
        // Its last words may come after it was given up.
        if (this.#life.kind === "up") this.#options.onNews(message.news);
        return;
      case "failed": {
        const { message: text, remedy } = message;
        const kind = message.while === "starting" ? "refused" : "broke";
        this.#handle({ type: "failed", trouble: { kind, message: text, remedy } });
        return;
      }
    }
  }
}
