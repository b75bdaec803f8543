/** What `stt/state/{site}` says of each site, kept as the retained value of its topic. */
import { type Hearing, type SttState, sttState } from "@ts-tars/contracts";
import type { Kept } from "@ts-tars/mqtt";
import type { SttWorkerDeps } from "./deps.ts";
import type { Microphone } from "./microphone.ts";
import type { Privacy } from "./privacy-store.ts";
import { DEFAULT_SITE, type Sites } from "./sites.ts";

export interface StateBoardDeps extends Pick<SttWorkerDeps, "client" | "log" | "boot" | "transcriber" | "clock"> {
  readonly sites: Sites;
  readonly microphone: Microphone;
  readonly privacy: () => Privacy;
}

export class StateBoard {
  readonly #deps: StateBoardDeps;
  readonly #kept = new Map<string, Kept>();

  constructor(deps: StateBoardDeps) {
    this.#deps = deps;
  }

  show(siteId: string): void {
    this.#try(() => {
      const kept = this.#kept.get(siteId);
      const topic = sttState.at({ site: siteId });
      if (kept !== undefined) kept.changed();
      else
        this.#kept.set(
          siteId,
          this.#deps.client.keep(topic, () => this.#stateOf(siteId)),
        );
    });
  }

  /** The site is gone, and what is retained of it. */
  hide(siteId: string): void {
    this.#kept.get(siteId)?.stop();
    this.#kept.delete(siteId);
    this.#try(() => this.#deps.client.clear(sttState.at({ site: siteId })));
  }

  close(): void {
    for (const kept of this.#kept.values()) kept.stop();
  }

  /** A full outbox: the next change tells this one too. */
  #try(publish: () => void): void {
    try {
      publish();
    } catch (error) {
      this.#deps.log.error({ err: error }, "state could not be published");
    }
  }

  #stateOf(siteId: string): SttState {
    const { boot, transcriber, sites } = this.#deps;
    const site = sites.site(siteId);
    const privacy = this.#deps.privacy();
    const [deadlineMs, uttId, captureId] = [site?.deadlineMs, site?.uttId, site?.captureId];
    return {
      boot,
      site_id: siteId,
      hearing: this.#hearingOf(siteId),
      grant: site?.grant ?? "armed",
      activity: site?.activity ?? "idle",
      duplex: "half",
      privacy: privacy.on,
      engine: transcriber.name,
      ...(deadlineMs !== undefined && { deadline_ms: deadlineMs }),
      ...(uttId !== undefined && { utt_id: uttId }),
      ...(captureId !== undefined && { capture_id: captureId }),
      ...(privacy.on && privacy.reason !== "" && { privacy_reason: privacy.reason }),
    };
  }

  #hearingOf(siteId: string): Hearing {
    const { sites, microphone, clock } = this.#deps;
    if (sites.isFull(siteId))
      return { source: "mqtt", state: "full", detail: "As many sites as can be heard are heard." };
    const arrivals = sites.site(siteId)?.arrivals;
    const hearsRemote = arrivals?.hearsRemote(clock.nowMs()) === true;
    if (siteId === DEFAULT_SITE && !hearsRemote) return microphone.hearing;
    const complaint = arrivals?.complaint;
    return { source: "mqtt", state: hearsRemote ? "open" : "closed", ...(complaint && { detail: complaint }) };
  }
}
