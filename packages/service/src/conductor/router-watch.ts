import type { HealthPing } from "@ts-tars/contracts";
import { Alarm, type Clock } from "../clock.ts";
import { type Conductor, DEFAULT_PATIENCE, lostAtMs, see, UNSEEN, type Watch, wait } from "./conductor.ts";

/** Follows the router's health and says, once each time, when the service has to do without it. */
export class RouterWatch {
  readonly #clock: Clock;
  readonly #onLost: () => void;
  readonly #alarm: Alarm;
  #conductor: Conductor = UNSEEN;

  constructor(deps: { readonly clock: Clock; readonly onLost: () => void }) {
    this.#clock = deps.clock;
    this.#onLost = deps.onLost;
    this.#alarm = new Alarm(deps.clock, () => this.#take(wait(this.#conductor, this.#clock.nowMs(), DEFAULT_PATIENCE)));
  }

  /** A message on `system/health/router`. */
  see({ ok, boot = "", session = "" }: Pick<HealthPing, "ok" | "boot" | "session">): void {
    this.#take(see(this.#conductor, { ok, boot, session }, this.#clock.nowMs()));
  }

  /** Forgets the timer. */
  stop(): void {
    this.#alarm.set(undefined);
  }

  #take([conductor, isLost]: Watch): void {
    this.#conductor = conductor;
    this.#alarm.set(lostAtMs(conductor, DEFAULT_PATIENCE));
    if (isLost) this.#onLost();
  }
}
