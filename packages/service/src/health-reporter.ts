import type { Client, PresenceOptions } from "@ts-tars/mqtt";
import { Alarm, type Clock, SYSTEM_CLOCK } from "./clock.ts";
import {
  CONTROL_DOWN_LIMIT_MS,
  type Control,
  farewell,
  type HealthReport,
  type HealthState,
  type Identity,
  markControl,
  markHung,
  markLack,
  markReady,
  mergeDetail,
  report,
  STARTING,
} from "./health-state.ts";
import type { Health } from "./service-definition.ts";

/** What a health reporter is made with. */
export interface HealthReporterOptions {
  readonly identity: Identity;
  readonly clock?: Clock;
  /** Unix seconds, for the message. */
  readonly epochSec?: () => number;
}

/** The part of a service that has only one. */
const WHOLE = "";

/** A health message as it is published. */
export type HealthMessage = HealthReport & { readonly session: string; readonly timestamp: number };

/**
 * Keeps a service's health and has it published when it changes. Between two connections nothing is sent: the next
 * birth says what is then true.
 */
export class HealthReporter implements Health {
  readonly #identity: Identity;
  readonly #clock: Clock;
  readonly #epochSec: () => number;
  #state: HealthState = STARTING;
  /** The session of the connection whose birth was made last; a message of another would confuse readers. */
  #session: string | undefined;
  #publish: (message: HealthMessage) => void = () => undefined;
  /** Rings when the control link has been down for too long. */
  readonly #controlAlarm: Alarm;

  constructor({ identity, clock = SYSTEM_CLOCK, epochSec = () => Date.now() / 1_000 }: HealthReporterOptions) {
    this.#identity = identity;
    this.#clock = clock;
    this.#epochSec = epochSec;
    this.#controlAlarm = new Alarm(clock, () => this.#say());
  }

  /** What the health message says now. */
  get report(): HealthReport {
    return report(this.#state, this.#identity, this.#clock.nowMs());
  }

  /** What `connect` needs to announce this service: birth at each connection, last will at its end. */
  presence(topic: PresenceOptions["topic"]): PresenceOptions {
    return {
      topic,
      birth: (session) => {
        this.#session = session;
        return this.#stamp(this.report, session);
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
    this.#controlAlarm.set(undefined);
  }

  ready(): void {
    this.#change(markReady(this.#state));
  }

  ok(part = WHOLE): void {
    this.#change(markLack(this.#state, part, undefined));
  }

  degraded(reason: string, remedy: string, part = WHOLE): void {
    this.#change(markLack(this.#state, part, { reason, remedy }));
  }

  detail(fields: Parameters<Health["detail"]>[0]): void {
    this.#change(mergeDetail(this.#state, fields));
  }

  /** The client has given up so many handlers that never returned. */
  hung(count: number): void {
    this.#change(markHung(this.#state, count));
  }

  /** From here on the service says that it goes. */
  stopping(): void {
    this.#change({ ...this.#state, condition: { kind: "stopping" } });
    this.#controlAlarm.set(undefined);
  }

  #controlIs(control: Control): void {
    this.#change(markControl(this.#state, control, this.#clock.nowMs()));
    const { condition, controlDownAtMs } = this.#state;
    const isAwaited = controlDownAtMs !== undefined && condition.kind !== "stopping";
    this.#controlAlarm.set(isAwaited ? controlDownAtMs + CONTROL_DOWN_LIMIT_MS : undefined);
  }

  #change(next: HealthState): void {
    const said = JSON.stringify(this.report);
    this.#state = next;
    if (JSON.stringify(this.report) !== said) this.#say();
  }

  #say(): void {
    if (this.#session === undefined) return;
    this.#publish(this.#stamp(this.report, this.#session));
  }

  #stamp(said: HealthReport, session: string): HealthMessage {
    return { ...said, session, timestamp: this.#epochSec() };
  }
}
