import type { ServiceEntry } from "../services.ts";
import type { Runner, RunningService } from "./runner.ts";
import { BEGUN, type Supervision, type SupervisionEffect, type SupervisionEvent, step } from "./supervision.ts";

/** A supervised service as others see it. */
export interface Supervised {
  readonly entry: ServiceEntry;
  readonly state: Supervision;
  /** Of its running process. */
  readonly pid: number | undefined;
}

/** What supervision needs from outside. */
export interface SupervisorOptions {
  readonly runner: Runner;
  /** Called after every change of state. */
  readonly onChange: (supervised: Supervised) => void;
}

/** Carries out the supervision of one service: starts, waits, starts again, stops. */
export class Supervisor {
  readonly #entry: ServiceEntry;
  readonly #options: SupervisorOptions;
  readonly #ended = Promise.withResolvers<void>();
  #state: Supervision = BEGUN;
  #running: RunningService | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(entry: ServiceEntry, options: SupervisorOptions) {
    this.#entry = entry;
    this.#options = options;
  }

  get supervised(): Supervised {
    return { entry: this.#entry, state: this.#state, pid: this.#running?.pid };
  }

  start(): void {
    this.#perform({ do: "start" });
    this.#options.onChange(this.supervised);
  }

  /** Resolves when the service has stopped, or was left down. */
  stop(): Promise<void> {
    this.#handle({ type: "stop_requested" });
    return this.#ended.promise;
  }

  #handle(event: SupervisionEvent): void {
    const [next, effects] = step(this.#state, event);
    const isChanged = next !== this.#state;
    this.#state = next;
    for (const effect of effects) this.#perform(effect);
    if (isChanged) this.#options.onChange(this.supervised);
    if (next.kind === "stopped") this.#ended.resolve();
  }

  #perform(effect: SupervisionEffect): void {
    switch (effect.do) {
      case "start":
        this.#begin();
        break;
      case "start_later":
        this.#timer = setTimeout(() => this.#handle({ type: "wait_elapsed" }), effect.delayMs);
        break;
      case "forget_start":
        clearTimeout(this.#timer);
        break;
      case "stop":
        this.#running?.stop();
        break;
    }
  }

  #begin(): void {
    const running = this.#options.runner.start(this.#entry);
    this.#running = running;
    void running.ready.then(() => {
      if (this.#running === running) this.#handle({ type: "became_ready" });
    });
    void running.exited.then(({ cause, isFinal }) => {
      this.#running = undefined;
      this.#handle({ type: "exited", cause, isFinal, nowMs: performance.now(), random: Math.random() });
    });
  }
}
