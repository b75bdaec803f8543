import type { HealthPing } from "@ts-tars/contracts";
import { Alarm, type Clock } from "../clock.ts";
import { DEFAULT_PATIENCE, goneAtMs, type Peer, see, UNSEEN, type Watch, wait } from "./peer.ts";

/** Follows another service's health and says, once each time, when what it had in hand is lost. */
export class PeerWatch {
  readonly #clock: Clock;
  readonly #onLost: () => void;
  readonly #alarm: Alarm;
  readonly #over = new AbortController();
  #peer: Peer = UNSEEN;

  constructor(deps: { readonly clock: Clock; readonly onLost: () => void }) {
    this.#clock = deps.clock;
    this.#onLost = deps.onLost;
    this.#alarm = new Alarm(deps.clock, () => this.#take(wait(this.#peer, this.#clock.nowMs(), DEFAULT_PATIENCE)));
  }

  /** A message on the peer's `system/health/{service}`. */
  see({ ok, boot = "", session = "" }: Pick<HealthPing, "ok" | "boot" | "session">): void {
    if (this.#over.signal.aborted) return;
    this.#take(see(this.#peer, { ok, boot, session }, this.#clock.nowMs()));
  }

  /** Forgets the timer; what is seen from here on counts no more. */
  stop(): void {
    this.#over.abort();
    this.#alarm.set(undefined);
  }

  #take([peer, isLost]: Watch): void {
    this.#peer = peer;
    this.#alarm.set(goneAtMs(peer, DEFAULT_PATIENCE));
    if (isLost) this.#onLost();
  }
}
