import type { Client, PresenceOptions } from "@ts-tars/mqtt";
import {
  CONTROL_DOWN_LIMIT_MS,
  type Control,
  farewell,
  type HealthReport,
  type HealthState,
  type Identity,
  markControl,
  markReady,
  mergeDetail,
  report,
  STARTING,
} from "./health-state.ts";
import type { Health } from "./service-definition.ts";

/** The time sources of health: monotonic for durations, epoch seconds for the message. */
export interface HealthClock {
  readonly nowMs: () => number;
  readonly epochSec: () => number;
}

const SYSTEM_CLOCK: HealthClock = { nowMs: () => performance.now(), epochSec: () => Date.now() / 1_000 };

/** A health message as it is published. */
export type HealthMessage = HealthReport & { readonly session: string; readonly timestamp: number };

/**
 * Keeps a service's health and has it published when it changes. Between two connections nothing is sent: the next
 * birth says what is then true.
 */
export class HealthReporter implements Health {
  readonly #identity: Identity;
  readonly #clock: HealthClock;
  #state: HealthState = STARTING;
  /** The session of the connection whose birth was made last; a message of another would confuse readers. */
  #session: string | undefined;
  #publish: (message: HealthMessage) => void = () => undefined;
  #controlTimer: NodeJS.Timeout | undefined;

  constructor(identity: Identity, clock: HealthClock = SYSTEM_CLOCK) {
    this.#identity = identity;
    this.#clock = clock;
  }

  /** What `connect` needs to announce this service: birth at each connection, last will at its end. */
  presence(topic: PresenceOptions["topic"]): PresenceOptions {
    return {
      topic,
      birth: (session) => {
        this.#session = session;
        return this.#stamp(report(this.#state, this.#identity, this.#clock.nowMs()), session);
      },
      will: (session, closing) => this.#stamp(farewell(this.#identity, closing ? "shutdown" : "lost"), session),
    };
  }

  /** Publishes changes through `publish` and follows the client's control link until the client is closed. */
  async follow(client: Pick<Client, "connected" | "watch">, publish: (message: HealthMessage) => void): Promise<void> {
    this.#publish = (message) => {
      if (client.connected) publish(message);
    };
    for await (const state of client.watch()) {
      this.#controlIs(state.kind === "up" ? state.control : "unused");
    }
    clearTimeout(this.#controlTimer);
  }

  ready(): void {
    this.#change(markReady(this.#state));
  }

  ok(): void {
    this.#setCondition({ kind: "ok" });
  }

  degraded(reason: string, remedy: string): void {
    this.#setCondition({ kind: "degraded", reason, remedy });
  }

  detail(fields: Parameters<Health["detail"]>[0]): void {
    this.#change(mergeDetail(this.#state, fields));
  }

  /** From here on the service says that it goes. */
  stopping(): void {
    this.#setCondition({ kind: "stopping" });
    clearTimeout(this.#controlTimer);
  }

  #setCondition(condition: HealthState["condition"]): void {
    if (this.#state.condition.kind !== "stopping") this.#change({ ...this.#state, condition });
  }

  #controlIs(control: Control): void {
    const before = this.#state.controlDownAtMs;
    this.#change(markControl(this.#state, control, this.#clock.nowMs()));
    if (this.#state.controlDownAtMs === before) return;
    clearTimeout(this.#controlTimer);
    if (this.#state.controlDownAtMs === undefined) return;
    this.#controlTimer = setTimeout(() => this.#say(), CONTROL_DOWN_LIMIT_MS).unref();
  }

  #change(next: HealthState): void {
    const said = JSON.stringify(report(this.#state, this.#identity, this.#clock.nowMs()));
    this.#state = next;
    if (JSON.stringify(report(next, this.#identity, this.#clock.nowMs())) !== said) this.#say();
  }

  #say(): void {
    if (this.#session === undefined) return;
    this.#publish(this.#stamp(report(this.#state, this.#identity, this.#clock.nowMs()), this.#session));
  }

  #stamp(said: HealthReport, session: string): HealthMessage {
    return { ...said, session, timestamp: this.#clock.epochSec() };
  }
}
