/** The conversations of all sites: opened by the first word of one; the longest idle one is closed for a new one. */

import { Alarm } from "@ts-tars/service";
import {
  type Arbitration,
  type Call,
  type CallsHeard,
  callsDueAtMs,
  decideCalls,
  hearCall,
  QUIET,
} from "./arbitration.ts";
import { DEFAULT_SITE, isOtherAwake, type Lost, NO_WORKERS, peersOf, type Workers } from "./peers.ts";
import { type Happening, Site, type SiteDeps } from "./site.ts";

export interface SitesDeps extends SiteDeps {
  readonly siteCountMax: number;
  /** Call `decideCalls` in the service's one loop. */
  readonly postCallsDue: () => void;
}

export class Sites {
  readonly #deps: SitesDeps;
  /** In the order of their last word. */
  readonly #sites = new Map<string, Site>();
  readonly #callsDue: Alarm;
  #workers: Workers = NO_WORKERS;
  #calls: Arbitration = QUIET;

  constructor(deps: SitesDeps) {
    this.#deps = deps;
    this.#callsDue = new Alarm(deps.clock, deps.postCallsDue);
  }

  /** Something happened at one site, which is opened for it. */
  handle(siteId: string, happening: Happening): void {
    const site = this.#sites.get(siteId) ?? this.#open(siteId);
    this.#sites.delete(siteId);
    this.#sites.set(siteId, site);
    site.handle(happening);
  }

  /** The wake phrase was heard at one site; where others are awake, they have a moment to say how well they heard it. */
  hearCall(call: Call): void {
    const isAlone = !isOtherAwake(this.#workers, call.siteId);
    this.#arbitrate(hearCall(this.#calls, call, { atMs: this.#deps.clock.nowMs(), isAlone }));
  }

  /** The moment is over. */
  decideCalls(): void {
    this.#arbitrate(decideCalls(this.#calls, this.#deps.clock.nowMs()));
  }

  #arbitrate([calls, verdict]: CallsHeard): void {
    this.#calls = calls;
    this.#callsDue.set(callsDueAtMs(calls));
    if (verdict === undefined) return;
    const { siteId, captureId, fromSample } = verdict.answering;
    for (const other of verdict.others) this.#sites.get(other.siteId)?.handle({ type: "called_elsewhere" });
    this.handle(siteId, { type: "called", captureId, fromSample });
  }

  /** Something happened to a turn, wherever it is. */
  handleEverywhere(happening: Happening): void {
    for (const site of this.#sites.values()) site.handle(happening);
  }

  /** The workers are others now than they were. */
  update(workers: Workers, lost: readonly Lost[]): void {
    this.#workers = workers;
    for (const site of this.#sites.values()) {
      site.handle({ type: "peer_changed", peers: peersOf(workers, site.siteId), lost });
    }
  }

  /** The broker is back: what was sent last may be lost. */
  reconnected(): void {
    for (const site of this.#sites.values()) site.handle({ type: "reconnected" });
  }

  /** What one microphone notices; a site is not opened for it. */
  updateSite(siteId: string, workers: Workers): void {
    this.#workers = workers;
    this.#sites.get(siteId)?.handle({ type: "peer_changed", peers: peersOf(workers, siteId), lost: [] });
  }

  /** The router stops: whatever runs is told so and ended. */
  close(): void {
    this.handleEverywhere({ type: "cancelled", uttId: undefined, reason: "The router is stopping." });
    this.#callsDue.set(undefined);
    for (const site of this.#sites.values()) site.close();
  }

  #open(siteId: string): Site {
    const idle = [...this.#sites.values()].find((site) => site.isIdle && site.siteId !== DEFAULT_SITE);
    if (this.#sites.size >= this.#deps.siteCountMax && idle !== undefined) {
      idle.clear();
      this.#sites.delete(idle.siteId);
    }
    return new Site(siteId, peersOf(this.#workers, siteId), this.#deps);
  }
}
