/**
 * Says that this client lives, and has the broker say when it does not.
 *
 * 1. Birth after each CONNACK, again every `refreshMs`; each with a new id and the connection's `session`.
 * 2. The last will carries the session of its own attempt, so that a late one can be told from the present.
 * 3. We watch our own topic: what overwrote our birth (a late will, a second instance) is repaired within a second.
 */
import type { Clock } from "../clock.ts";
import { type ConcreteTopic, encodeMessage } from "../contract/index.ts";
import { createSessionId } from "../ids.ts";
import type { Log } from "../log.ts";
import type { PresenceOptions } from "../options.ts";
import type { TransportSettings } from "../transport/transport.ts";

const REFRESH_MS = 15_000;
const REPAIR_AFTER_MS = 500;

export interface AnnouncerDeps {
  readonly options: PresenceOptions;
  readonly clock: Clock;
  readonly log: Log;
  readonly source: string;
  readonly nextId: () => string;
  readonly publish: (topic: ConcreteTopic, data: unknown) => void;
  /** Our birth came back from the broker: what it had kept for us has come before it. */
  readonly onBirthSeen: () => void;
}

export class Announcer {
  readonly #deps: AnnouncerDeps;
  #session = createSessionId();
  #willId = "";
  #isUp = false;
  #cancelRefresh: (() => void) | undefined;
  #cancelRepair: (() => void) | undefined;

  constructor(deps: AnnouncerDeps) {
    this.#deps = deps;
  }

  /** A new attempt begins: a new session, and the will that goes with it. */
  nextWill(): TransportSettings["will"] {
    const { options, clock, nextId, source } = this.#deps;
    this.#session = createSessionId();
    this.#willId = nextId();
    const meta = { id: this.#willId, ts: clock.epochMs() / 1_000, source };
    const payload = encodeMessage(options.topic, options.will(this.#session, false), meta);
    return { topic: options.topic.filter, payload, retain: true };
  }

  connected(): void {
    this.#isUp = true;
    this.#announce();
  }

  disconnected(): void {
    this.#isUp = false;
    this.#stopTimers();
  }

  /** Something came on our own topic. */
  seen(payload: Uint8Array): void {
    if (!this.#isUp) return;
    const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
    if (bytes.includes(this.#session) && !bytes.includes(this.#willId)) {
      this.#deps.onBirthSeen();
      return;
    }
    this.#cancelRepair ??= this.#deps.clock.setTimer(REPAIR_AFTER_MS, () => {
      this.#cancelRepair = undefined;
      this.#deps.log.info({ topic: this.#deps.options.topic.filter }, "presence was overwritten, repairing it");
      this.#announce();
    });
  }

  /** What an orderly end says. */
  farewell(): unknown {
    this.#stopTimers();
    return this.#deps.options.will(this.#session, true);
  }

  #announce(): void {
    const { options, clock, publish, log } = this.#deps;
    this.#cancelRefresh?.();
    try {
      publish(options.topic, options.birth(this.#session));
    } catch (error) {
      log.error({ err: error, topic: options.topic.filter }, "presence could not be published");
    }
    this.#cancelRefresh = clock.setTimer(options.refreshMs ?? REFRESH_MS, () => this.#announce());
  }

  #stopTimers(): void {
    this.#cancelRefresh?.();
    this.#cancelRepair?.();
    this.#cancelRepair = undefined;
  }
}
