/** The conversations of all sites: opened by the first word of one; the longest idle one is closed for a new one. */

import { DEFAULT_SITE, type Lost, NO_WORKERS, peersOf, type Workers } from "./peers.ts";
import { type Happening, Site, type SiteDeps } from "./site.ts";

export interface SitesDeps extends SiteDeps {
  readonly siteCountMax: number;
}

export class Sites {
  readonly #deps: SitesDeps;
  /** In the order of their last word. */
  readonly #sites = new Map<string, Site>();
  #workers: Workers = NO_WORKERS;

  constructor(deps: SitesDeps) {
    this.#deps = deps;
  }

  /** Something happened at one site, which is opened for it. */
  handle(siteId: string, happening: Happening): void {
    const site = this.#sites.get(siteId) ?? this.#open(siteId);
    this.#sites.delete(siteId);
    this.#sites.set(siteId, site);
    site.handle(happening);
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

  close(): void {
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
