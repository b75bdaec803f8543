/** The ears of one site: what they may hear (`grant.ts`), and what they do hear (`listener.ts`). */
import type { AudioFrame } from "@ts-tars/audio";
import { type Grant, grantOf, type WakeMicCommand } from "@ts-tars/contracts";
import { Alarm, type Clock } from "@ts-tars/service";
import { Arrivals, type Provenance } from "./arrivals.ts";
import {
  expiresAtMs,
  firstGrant,
  type GrantEffect,
  type GrantEvent,
  type GrantState,
  kindOf,
  type OpenOrder,
  type SourceKind,
  step,
} from "./grant.ts";
import { Listener, type ListenerDeps } from "./listener.ts";
import type { Outcome } from "./outcome.ts";
import type { SegmentNews } from "./segment.ts";

/** Why nothing can be heard here, as `stt/refused` says it. */
export interface Objection {
  readonly reason: string;
  readonly detail: string;
}

/** What a site tells. */
export interface SiteReport {
  readonly onPartial: (partial: { readonly uttId: string | undefined; readonly text: string }) => void;
  readonly onOutcome: (outcome: Outcome) => void;
  /** What `stt/state` says is different. */
  readonly onChange: () => void;
  /** Call `timePassed` in the service's one loop. */
  readonly onTime: () => void;
}

export interface SiteDeps extends Omit<ListenerDeps, "onPartial" | "onOutcome"> {
  readonly report: SiteReport;
  readonly isPrivate: boolean;
  readonly source: SourceKind;
  /** Why an order cannot be followed, if it cannot. */
  readonly objection: (order: OpenOrder) => Objection | undefined;
}

/** A `GrantEvent` before it is known when it is handled. */
type Happening = GrantEvent extends infer Each ? (Each extends unknown ? Omit<Each, "atMs"> : never) : never;

/** Partials are published so often at most. */
const PARTIAL_MS = 200;

const WHY = {
  dropped: "Nobody wants to hear it any more.",
  privacy: "Privacy is on: no microphone is open.",
  cancelled: "Its turn was cancelled.",
} as const;

export class Site {
  readonly #deps: SiteDeps;
  readonly #listener: Listener;
  readonly #alarm: Alarm;
  readonly #clock: Clock;
  #grant: GrantState;
  #partial = { text: "", atMs: Number.NEGATIVE_INFINITY };
  #told = "";
  readonly arrivals: Arrivals;

  constructor(deps: SiteDeps) {
    this.#deps = deps;
    this.#clock = deps.clock;
    this.arrivals = new Arrivals(deps.clock.nowMs());
    this.#grant = firstGrant(deps);
    this.#alarm = new Alarm(deps.clock, deps.report.onTime);
    this.#listener = new Listener({
      ...deps,
      onPartial: (uttId, text) => this.#tellPartial(uttId, text),
      onOutcome: (outcome) => this.#conclude(outcome),
    });
  }

  get activity(): Listener["activity"] {
    return this.#listener.activity;
  }

  get captureId(): string | undefined {
    return this.#listener.captureId;
  }

  get grant(): Grant {
    return kindOf(this.#grant);
  }

  /** The turn that is listened to. */
  get uttId(): string | undefined {
    const { grant } = this.#grant;
    return grant.kind === "open" ? grant.order.uttId : this.#listener.segmentUttId;
  }

  /** How long the grant still lasts; undefined while speech holds it, or when there is none. */
  get deadlineMs(): number | undefined {
    const at = expiresAtMs(this.#grant);
    return at === undefined ? undefined : Math.max(0, Math.round(at - this.#clock.nowMs()));
  }

  /** Whether it may be forgotten: nothing is heard, and nobody waits for anything. */
  get isIdle(): boolean {
    return this.#grant.grant.kind !== "open" && !this.#listener.isBusy;
  }

  /** Whether its sound is over and dealt with: who needs its place may have it. */
  get isOver(): boolean {
    return this.isIdle && this.arrivals.hasEnded(this.captureId);
  }

  hear(frame: AudioFrame, provenance: Provenance): void {
    if (!this.arrivals.take(frame, provenance, this.#clock.nowMs())) return;
    const { source } = provenance;
    if (source !== this.#grant.source) this.#handle({ type: "source_changed", source });
    if (this.#grant.isPrivate && source !== "file") return;
    this.#listener.hear(frame);
    this.#settle();
  }

  sourceEnded(captureId: string): void {
    this.arrivals.end(captureId);
    this.#listener.sourceEnded(captureId);
    this.#settle();
  }

  command(command: WakeMicCommand): void {
    switch (grantOf(command)) {
      case "open":
        this.#open(command);
        return;
      case "armed":
        this.#handle({ type: "armed", finish: command.finish === true, toSample: command.to_sample });
        return;
      case "closed":
        this.#handle({ type: "closed" });
        return;
    }
  }

  /** Whether there was anything of this turn to end. */
  cancel(uttId: string): boolean {
    const isOurs = this.uttId === uttId || this.#listener.segmentUttId === uttId;
    this.#handle({ type: "turn_cancelled", uttId });
    return isOurs;
  }

  setPrivacy(isPrivate: boolean): void {
    this.#handle({ type: "privacy_changed", isPrivate });
    if (isPrivate && this.#grant.source !== "file") this.#listener.wipe();
  }

  routerLost(): void {
    this.#handle({ type: "router_lost" });
  }

  take(news: SegmentNews): void {
    this.#listener.take(news);
    this.#settle();
  }

  timePassed(): void {
    this.#listener.timePassed();
    this.#handle({ type: "time_passed" });
  }

  /** Gives everything up, and its timer. */
  close(): void {
    this.#handle({ type: "router_lost" });
    this.#alarm.set(undefined);
  }

  #open({ utt_id: uttId, capture_id: captureId, from_sample: fromSample, ttl_ms: ttlMs }: WakeMicCommand): void {
    const order = { uttId, captureId, fromSample };
    const objection = this.#deps.objection(order);
    // Privacy is the first thing to say, whatever else is missing; the grant knows about it.
    const isPrivate = this.#grant.isPrivate && this.#sourceOf(order) === "microphone";
    if (objection !== undefined && !isPrivate) {
      this.#handle({ type: "armed", finish: false, toSample: undefined });
      this.#refuse(order, objection);
      return;
    }
    const source = this.#sourceOf(order);
    if (source !== this.#grant.source) this.#handle({ type: "source_changed", source });
    this.#handle({ type: "opened", order, ttlMs });
  }

  /** Of a capture that has not come yet nobody knows what it is. */
  #sourceOf({ captureId }: OpenOrder): SourceKind {
    const isToCome = captureId !== undefined && captureId !== this.captureId;
    return isToCome ? "unknown" : this.#grant.source;
  }

  #handle(happening: Happening): void {
    // Omit and the spread do not add up to the union again in the type system.
    const event = { ...happening, atMs: this.#clock.nowMs() } as GrantEvent; // each member is its `Happening` plus the moment
    const [next, effects] = step(this.#grant, event);
    this.#grant = next;
    for (const effect of effects) this.#perform(effect);
    this.#settle();
  }

  #perform(effect: GrantEffect): void {
    switch (effect.do) {
      case "listen":
        this.#listener.listen(effect.order);
        return;
      case "finish":
        this.#listener.finish(effect.toSample);
        return;
      case "drop":
        this.#listener.drop(effect.reason, WHY[effect.reason]);
        return;
      case "drop_turn":
        if (this.#listener.segmentUttId === effect.uttId) this.#listener.drop("cancelled", WHY.cancelled);
        return;
      case "refuse":
        this.#refuse(effect.order, { reason: effect.reason, detail: WHY[effect.reason] });
        return;
    }
  }

  #refuse({ uttId }: OpenOrder, objection: Objection): void {
    this.#deps.report.onOutcome({ kind: "refused", uttId, ...objection });
  }

  #conclude(outcome: Outcome): void {
    this.#partial = { text: "", atMs: Number.NEGATIVE_INFINITY };
    this.#deps.report.onOutcome(outcome);
    // Without a recogniser there is nothing to listen for: the person asks again.
    const isBroken = outcome.kind === "refused" && outcome.reason.startsWith("engine_");
    if (isBroken) this.#handle({ type: "armed", finish: false, toSample: undefined });
    else this.#handle({ type: "utterance_over" });
  }

  #tellPartial(uttId: string | undefined, text: string): void {
    const atMs = this.#clock.nowMs();
    if (text === "" || text === this.#partial.text || atMs - this.#partial.atMs < PARTIAL_MS) return;
    this.#partial = { text, atMs };
    this.#deps.report.onPartial({ uttId, text });
  }

  /** After everything that happens: the next deadline, and what others are to be told. */
  #settle(): void {
    const { isBusy } = this.#listener;
    const { grant } = this.#grant;
    if (grant.kind === "open" && grant.isBusy !== isBusy) {
      this.#handle({ type: "activity_changed", isBusy });
      return;
    }
    const remoteUntilMs = this.arrivals.remoteUntilMs(this.#clock.nowMs());
    const dues = [expiresAtMs(this.#grant), this.#listener.dueAtMs, remoteUntilMs].filter((due) => due !== undefined);
    this.#alarm.set(dues.length === 0 ? undefined : Math.min(...dues));
    const shown = [
      this.grant,
      this.uttId,
      this.activity,
      this.captureId,
      this.#grant.isPrivate,
      this.arrivals.complaint,
      remoteUntilMs !== undefined,
    ].join();
    if (shown === this.#told) return;
    this.#told = shown;
    this.#deps.report.onChange();
  }
}
