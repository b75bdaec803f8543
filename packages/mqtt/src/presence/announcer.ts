/**
 * Says that this client lives, and has the broker say when it does not.
 *
 * 1. Birth after each CONNACK, again every `refreshMs`; each with a new id and the connection's `session`.
 * 2. The last will carries the session of its own attempt, so that a late one can be told from the present.
 * 3. We watch our own topic: what overwrote our birth (a late will) is repaired within a second. What overwrites it again
 *    and again is a second instance: each repair then waits twice as long, up to `refreshMs`, so that two do not flood.
 * 4. After the farewell nothing is announced any more, also when the farewell itself needs another connection.
 */
import type { Clock } from "../clock.ts";
import { type Compat, type ConcreteTopic, encodeMessage } from "../contract/index.ts";
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
  readonly compat: Compat | undefined;
  readonly nextId: () => string;
  /** Gives the id of the message. */
  readonly publish: (topic: ConcreteTopic, data: unknown) => { readonly id: string };
  /** Our birth came back from the broker: what it had kept for us has come before it. */
  readonly onBirthSeen: () => void;
}

export class Announcer {
  readonly #deps: AnnouncerDeps;
  #session = createSessionId();
  #willId = "";
  #birthId: string | undefined;
  #isUp = false;
  #hasLeft = false;
  /** Since a birth last stood until its refresh. */
  #repairs = 0;
  #cancelRefresh: (() => void) | undefined;
  #cancelRepair: (() => void) | undefined;

  constructor(deps: AnnouncerDeps) {
    this.#deps = deps;
  }

  /** A new attempt begins: a new session, and the will that goes with it. */
  nextWill(): TransportSettings["will"] {
    const { options, clock, nextId, source, compat } = this.#deps;
    this.#session = createSessionId();
    this.#willId = nextId();
    const meta = { id: this.#willId, ts: clock.epochMs() / 1_000, source, compat };
    const payload = encodeMessage(options.topic, options.will(this.#session, false), meta);
    return { topic: options.topic.filter, payload, retain: true };
  }

  connected(): void {
    if (this.#hasLeft) return;
    this.#isUp = true;
    this.#repairs = 0;
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
    // For strict peers a birth goes without its session; its id is there in any case.
    const isOurs = bytes.includes(this.#session) || (this.#birthId !== undefined && bytes.includes(this.#birthId));
    if (isOurs && !bytes.includes(this.#willId)) {
      this.#deps.onBirthSeen();
      return;
    }
    this.#cancelRepair ??= this.#deps.clock.setTimer(this.#repairDelayMs(), () => {
      this.#cancelRepair = undefined;
      this.#repairs += 1;
      const topic = this.#deps.options.topic.filter;
      this.#deps.log.info({ topic, repairs: this.#repairs }, "presence was overwritten, repairing it");
      this.#announce();
    });
  }

  /** What an orderly end says. */
  farewell(): unknown {
    this.#hasLeft = true;
    this.#isUp = false;
    this.#stopTimers();
    return this.#deps.options.will(this.#session, true);
  }

  #announce(): void {
    const { options, clock, publish, log } = this.#deps;
    this.#cancelRefresh?.();
    try {
      this.#birthId = publish(options.topic, options.birth(this.#session)).id;
    } catch (error) {
      log.error({ err: error, topic: options.topic.filter }, "presence could not be published");
    }
    this.#cancelRefresh = clock.setTimer(this.#refreshMs, () => {
      if (this.#cancelRepair === undefined) this.#repairs = 0;
      this.#announce();
    });
  }

  get #refreshMs(): number {
    return this.#deps.options.refreshMs ?? REFRESH_MS;
  }

  #repairDelayMs(): number {
    return Math.min(REPAIR_AFTER_MS * 2 ** this.#repairs, this.#refreshMs);
  }

  #stopTimers(): void {
    this.#cancelRefresh?.();
    this.#cancelRepair?.();
    this.#cancelRepair = undefined;
  }
}
