/**
 * The ears of all sites. Each that hears something has a decoder of its own, for as many as there are places. A place is free again
 * 60 s after the last sound, or when somebody needs it and the sound is over, or has been away for 5 s. The default site is always
 * there.
 */
import type { AudioFrame } from "@ts-tars/audio";
import type { WakeMicCommand } from "@ts-tars/contracts";
import { Alarm, type Clock } from "@ts-tars/service";
import type { Provenance } from "./arrivals.ts";
import type { Completeness } from "./completeness.ts";
import type { Decoders } from "./decoders.ts";
import type { OpenOrder, SourceKind } from "./grant.ts";
import type { Outcome } from "./outcome.ts";
import type { SegmentNews } from "./segment.ts";
import { type Objection, Site } from "./site.ts";
import type { Decoder } from "./transcriber.ts";
import type { VoiceDetector } from "./voice-detector.ts";

/** The site of this machine. */
export const DEFAULT_SITE = "default";

/** Where what happens at a site is told. */
export interface SitesReport {
  readonly onPartial: (siteId: string, partial: { readonly uttId: string | undefined; readonly text: string }) => void;
  readonly onOutcome: (siteId: string, outcome: Outcome) => void;
  /** What `stt/state/{site}` says is different; also when the site is there for the first time. */
  readonly onChange: (siteId: string) => void;
  readonly onGone: (siteId: string) => void;
}

export interface SitesDeps {
  readonly clock: Clock;
  readonly decoders: Decoders;
  readonly openDetector: () => VoiceDetector;
  readonly isComplete: Completeness;
  readonly spokenSince: (sinceMs: number) => string;
  /** Sites that hear at the same time. */
  readonly placeCount: number;
  /** What the default site hears of its own. */
  readonly ownSource: SourceKind;
  /** Why the default site hears nothing of its own, if it does not. */
  readonly microphoneTrouble: () => Objection | undefined;
  /** Runs something in the service's one loop. */
  readonly post: (task: SiteTask) => void;
  readonly report: SitesReport;
}

/** What comes back later. */
export type SiteTask =
  | { readonly type: "site_news"; readonly siteId: string; readonly news: SegmentNews }
  | { readonly type: "site_time"; readonly siteId: string }
  | { readonly type: "sites_swept" };

interface Entry {
  readonly site: Site;
  decoder: Decoder | undefined;
  /** It came when there was no place. */
  isRefused: boolean;
}

/** Sites that are known, with or without a place; more are not even remembered. */
const KNOWN_MAX = 16;
/** A place is given up so long after the last sound. */
const IDLE_MS = 60_000;
const SWEEP_MS = 5_000;
/** When somebody needs it, so long after it. */
const SILENT_MS = 5_000;

export class Sites {
  readonly #deps: SitesDeps;
  readonly #entries = new Map<string, Entry>();
  readonly #sweeper: Alarm;
  #isPrivate: boolean;

  constructor(deps: SitesDeps & { readonly isPrivate: boolean }) {
    this.#deps = deps;
    this.#isPrivate = deps.isPrivate;
    this.#sweeper = new Alarm(deps.clock, () => deps.post({ type: "sites_swept" }));
  }

  /** The default site is there from now on. */
  open(): void {
    this.#enter(DEFAULT_SITE);
    this.#scheduleSweep();
  }

  get siteIds(): readonly string[] {
    return [...this.#entries.keys()];
  }

  site(siteId: string): Site | undefined {
    return this.#entries.get(siteId)?.site;
  }

  /** It came when there was no place for it. */
  isFull(siteId: string): boolean {
    return this.#entries.get(siteId)?.isRefused === true;
  }

  hear(siteId: string, frame: AudioFrame, provenance: Provenance): void {
    const isForbidden = this.#isPrivate && provenance.source !== "file";
    const entry = isForbidden ? this.#entries.get(siteId) : this.#enter(siteId);
    if (entry === undefined) return;
    // A microphone that may not be heard takes no place; its site is told, so that it can say so.
    if (isForbidden || this.#takePlace(siteId, entry)) entry.site.hear(frame, provenance);
    else entry.site.arrivals.lastAtMs = this.#deps.clock.nowMs();
  }

  sourceEnded(siteId: string, captureId: string): void {
    this.site(siteId)?.sourceEnded(captureId);
  }

  command(command: WakeMicCommand): void {
    const { site_id: siteId, utt_id: uttId } = command;
    const entry = this.#enter(siteId);
    if (entry !== undefined) {
      entry.site.command(command);
      return;
    }
    this.#deps.report.onOutcome(siteId, { kind: "refused", uttId, ...TOO_MANY });
  }

  /** Whether there was anything of this turn to end, at any site. */
  cancel(uttId: string): boolean {
    return [...this.#entries.values()].map(({ site }) => site.cancel(uttId)).some(Boolean);
  }

  setPrivacy(isPrivate: boolean): void {
    this.#isPrivate = isPrivate;
    for (const { site } of this.#entries.values()) site.setPrivacy(isPrivate);
  }

  routerLost(): void {
    for (const { site } of this.#entries.values()) site.routerLost();
  }

  take(task: SiteTask): void {
    switch (task.type) {
      case "site_news":
        this.site(task.siteId)?.take(task.news);
        return;
      case "site_time":
        this.site(task.siteId)?.timePassed();
        return;
      case "sites_swept":
        this.#sweep();
        return;
    }
  }

  close(): void {
    this.#sweeper.set(undefined);
    for (const { site } of this.#entries.values()) site.close();
  }

  #enter(siteId: string): Entry | undefined {
    const known = this.#entries.get(siteId);
    if (known !== undefined || this.#entries.size >= KNOWN_MAX) return known;
    const { report, post, ownSource, microphoneTrouble: _trouble, ...shared } = this.#deps;
    const isDefault = siteId === DEFAULT_SITE;
    const site = new Site({
      ...shared,
      isPrivate: this.#isPrivate,
      source: isDefault ? ownSource : "unknown",
      decoder: () => this.#entries.get(siteId)?.decoder,
      objection: (order) => this.#objection(siteId, order),
      post: (news) => post({ type: "site_news", siteId, news }),
      report: {
        onPartial: (partial) => report.onPartial(siteId, partial),
        onOutcome: (outcome) => report.onOutcome(siteId, outcome),
        onChange: () => report.onChange(siteId),
        onTime: () => post({ type: "site_time", siteId }),
      },
    });
    const entry: Entry = { site, decoder: undefined, isRefused: false };
    this.#entries.set(siteId, entry);
    report.onChange(siteId);
    return entry;
  }

  #objection(siteId: string, { captureId }: OpenOrder): Objection | undefined {
    const entry = this.#entries.get(siteId);
    if (entry === undefined || !this.#takePlace(siteId, entry)) return TOO_MANY;
    const { decoders, microphoneTrouble } = this.#deps;
    // Once it was up it comes back by itself, soon; what is said meanwhile waits for it.
    if (decoders.error !== undefined && decoders.facts === undefined) {
      return { reason: "engine_missing", detail: `${decoders.error.message} ${decoders.error.remedy}` };
    }
    const isToCome = captureId !== undefined && captureId !== entry.site.captureId;
    const hearsOther = isToCome || entry.site.arrivals.hearsRemote(this.#deps.clock.nowMs());
    const trouble = siteId === DEFAULT_SITE && !hearsOther ? microphoneTrouble() : undefined;
    return trouble;
  }

  #takePlace(siteId: string, entry: Entry): boolean {
    if (entry.decoder !== undefined) return true;
    const { decoders, report } = this.#deps;
    const isFull = !this.#hasPlace();
    if (!isFull) entry.decoder = decoders.acquire();
    if (entry.isRefused !== isFull) {
      entry.isRefused = isFull;
      report.onChange(siteId);
    }
    return !isFull;
  }

  /** A site whose sound is over gives its decoder, which is warm, to one that is heard now; in a full house also one that is silent. */
  #hasPlace(): boolean {
    const { decoders, placeCount } = this.#deps;
    const taken = [...this.#entries.values()].filter(({ decoder }) => decoder !== undefined);
    const isFull = taken.length >= placeCount;
    const over = decoders.hasSpare && !isFull ? undefined : taken.find(({ site }) => site.isOver);
    const leaving = over ?? (isFull ? this.#longestSilent(taken) : undefined);
    if (leaving !== undefined) this.#release(leaving);
    return leaving !== undefined || !isFull;
  }

  /** Whose connection broke in the middle never says that its sound is over. */
  #longestSilent(entries: readonly Entry[]): Entry | undefined {
    const silentSinceMs = this.#deps.clock.nowMs() - SILENT_MS;
    return entries
      .filter(({ site }) => site.isIdle && site.arrivals.lastAtMs <= silentSinceMs)
      .toSorted((one, other) => one.site.arrivals.lastAtMs - other.site.arrivals.lastAtMs)[0];
  }

  #release(entry: Entry): void {
    if (entry.decoder !== undefined) this.#deps.decoders.release(entry.decoder);
    entry.decoder = undefined;
  }

  #scheduleSweep(): void {
    this.#sweeper.set(this.#deps.clock.nowMs() + SWEEP_MS);
  }

  #sweep(): void {
    const { clock, report } = this.#deps;
    for (const [siteId, entry] of this.#entries) {
      if (!entry.site.isIdle || clock.nowMs() - entry.site.arrivals.lastAtMs < IDLE_MS) continue;
      this.#release(entry);
      if (siteId === DEFAULT_SITE) continue;
      entry.site.close();
      this.#entries.delete(siteId);
      report.onGone(siteId);
    }
    this.#scheduleSweep();
  }
}

const TOO_MANY: Objection = {
  reason: "busy",
  detail:
    "As many sites as can be heard are heard already. One is free as soon as nothing has been heard of it for 5 s.",
};
