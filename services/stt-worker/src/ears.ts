/** All that hears: sites, decoders, this machine's microphone, and the person's word about them; tells the bus what becomes of it. */
import type { AudioSource } from "@ts-tars/audio";
import {
  type Hearing,
  type SttPrivacy,
  type SttState,
  sttFinal,
  sttPartial,
  sttRefused,
  sttState,
  type TtsStatus,
} from "@ts-tars/contracts";
import type { Kept } from "@ts-tars/mqtt";
import { NO_COMMANDS, takeCommands } from "./commands.ts";
import { Decoders } from "./decoders.ts";
import type { SttWorkerDeps } from "./deps.ts";
import type { Inbound } from "./inbound.ts";
import { Microphone } from "./microphone.ts";
import type { Outcome } from "./outcome.ts";
import type { Privacy } from "./privacy-store.ts";
import { finalOf, refusedOf } from "./publications.ts";
import { DEFAULT_SITE, Sites } from "./sites.ts";
import { remember, type Spoken, spokenSince } from "./spoken.ts";

export interface EarsDeps extends SttWorkerDeps {
  readonly post: (event: Inbound) => void;
  readonly handled: (event: Inbound) => Promise<void>;
}

export class Ears implements AsyncDisposable {
  readonly #deps: EarsDeps;
  readonly #decoders: Decoders;
  readonly #microphone: Microphone;
  readonly #sites: Sites;
  /** By site: its retained state. */
  readonly #kept = new Map<string, Kept>();
  #privacy: Privacy;
  #commands = NO_COMMANDS;
  #spoken: Spoken = [];

  constructor(deps: EarsDeps, privacy: Privacy) {
    this.#deps = deps;
    this.#privacy = privacy;
    const { clock, source, post, handled, transcriber } = deps;
    const onChange = (): void => post({ type: "parts_changed" });
    this.#decoders = new Decoders({ transcriber, onChange });
    const ownSource = isFile(source) ? "file" : "microphone";
    this.#microphone = new Microphone({
      source,
      clock,
      onFrame: (frame) =>
        handled({ type: "heard", siteId: DEFAULT_SITE, frame, provenance: { source: ownSource, isRemote: false } }),
      onEnd: (captureId) => post({ type: "source_ended", siteId: DEFAULT_SITE, captureId }),
      onChange,
    });
    this.#sites = new Sites({
      clock,
      decoders: this.#decoders,
      openDetector: deps.openDetector,
      isComplete: (text) => this.#commands.isComplete(text),
      spokenSince: (sinceMs) => spokenSince(this.#spoken, sinceMs),
      placeCount: deps.siteCount,
      ownSource,
      isPrivate: privacy.on,
      microphoneTrouble: () => {
        const { trouble } = this.#microphone;
        return trouble && { reason: "no_microphone", detail: `${trouble.message} ${trouble.remedy}` };
      },
      post,
      report: {
        onPartial: (siteId, { uttId, text }) =>
          this.#say(() =>
            deps.client.publish(sttPartial, { site_id: siteId, text, ...(uttId !== undefined && { utt_id: uttId }) }),
          ),
        onOutcome: (siteId, outcome) => this.#tell(siteId, outcome),
        onChange: (siteId) => this.#show(siteId),
        onGone: (siteId) => this.#hide(siteId),
      },
    });
    this.#sites.open();
    this.#open();
    this.showParts();
  }

  get sites(): Sites {
    return this.#sites;
  }

  remember(status: TtsStatus): void {
    this.#spoken = remember(this.#spoken, status, this.#deps.clock.nowMs());
  }

  takeIntents(intents: Parameters<typeof takeCommands>[1]): void {
    this.#commands = takeCommands(this.#commands, intents);
    if (this.#commands.problem === undefined && this.#commands.grammar !== undefined) {
      this.#decoders.useGrammar(this.#commands.grammar);
    }
    this.showParts();
  }

  /** Resolves when it is kept, and, with privacy on, no device is open any more. */
  async setPrivacy({ on, reason = "" }: SttPrivacy): Promise<void> {
    const { privacyStore, health, log } = this.#deps;
    this.#privacy = { on, reason };
    this.#sites.setPrivacy(on);
    const closing = on && !isFile(this.#deps.source) ? this.#microphone.close() : Promise.resolve();
    try {
      await privacyStore.write(this.#privacy);
      health.ok("privacy");
    } catch (error) {
      log.error({ err: error }, "privacy could not be kept");
      const why = error instanceof Error ? error.message : String(error);
      const remedy = "Make the folder writable, or set STT_STATE_DIR; until then the answer is forgotten at a restart.";
      health.degraded(`The answer about privacy could not be kept: ${why}.`, remedy, "privacy");
    }
    await closing;
    this.#open();
    this.showParts();
  }

  /** Health and states, after a part became better or worse. */
  showParts(): void {
    const { health, transcriber } = this.#deps;
    const { error, facts, grammarProblem } = this.#decoders;
    const { trouble } = this.#microphone;
    if (error !== undefined) health.degraded(error.message, error.remedy, "recogniser");
    else if (facts?.profile === "grammar_only") health.degraded(TOO_SLOW.reason, TOO_SLOW.remedy, "recogniser");
    else health.ok("recogniser");
    const grammar = this.#commands.problem ?? grammarProblem;
    if (grammar === undefined) health.ok("grammar");
    else health.degraded(`The newest commands are not understood: ${grammar}`, "Mend the intents file.", "grammar");
    const isWanted = this.#deps.source !== undefined && this.#mayOpen;
    if (trouble !== undefined && isWanted) health.degraded(trouble.message, trouble.remedy, "microphone");
    else health.ok("microphone");
    health.detail({
      engine: transcriber.name,
      profile: facts?.profile,
      real_time_ratio: facts && Math.round(facts.realTimeRatio * 1_000) / 1_000,
      intents_version: this.#commands.grammar?.version,
      privacy: this.#privacy.on,
    });
    for (const siteId of this.#sites.siteIds) this.#show(siteId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#sites.close();
    for (const kept of this.#kept.values()) kept.stop();
    await Promise.all([this.#microphone.close(), this.#decoders[Symbol.asyncDispose]()]);
  }

  /** A file is no microphone. */
  get #mayOpen(): boolean {
    return !this.#privacy.on || isFile(this.#deps.source);
  }

  #open(): void {
    if (this.#mayOpen) this.#microphone.open();
  }

  #tell(siteId: string, outcome: Outcome): void {
    const { client } = this.#deps;
    const { uttId } = outcome;
    const options = uttId === undefined ? {} : { correlationId: uttId };
    this.#say(() =>
      outcome.kind === "heard"
        ? client.publish(sttFinal, finalOf(siteId, outcome), options)
        : client.publish(sttRefused, refusedOf(siteId, outcome), options),
    );
  }

  /** A full outbox: who waits for it has a deadline; the ears go on. */
  #say(publish: () => unknown): void {
    try {
      publish();
    } catch (error) {
      this.#deps.log.error({ err: error }, "what was heard could not be published");
    }
  }

  #show(siteId: string): void {
    const kept = this.#kept.get(siteId);
    if (kept !== undefined) {
      this.#say(() => kept.changed());
      return;
    }
    const topic = sttState.at({ site: siteId });
    this.#kept.set(
      siteId,
      this.#deps.client.keep(topic, () => this.#stateOf(siteId)),
    );
  }

  #hide(siteId: string): void {
    this.#kept.get(siteId)?.stop();
    this.#kept.delete(siteId);
    this.#say(() => this.#deps.client.clear(sttState.at({ site: siteId })));
  }

  #stateOf(siteId: string): SttState {
    const { boot, transcriber } = this.#deps;
    const site = this.#sites.site(siteId);
    const [deadlineMs, uttId, captureId] = [site?.deadlineMs, site?.uttId, site?.captureId];
    return {
      boot,
      site_id: siteId,
      hearing: this.#hearingOf(siteId),
      grant: site?.grant ?? "armed",
      activity: site?.activity ?? "idle",
      duplex: "half",
      privacy: this.#privacy.on,
      engine: transcriber.name,
      ...(deadlineMs !== undefined && { deadline_ms: deadlineMs }),
      ...(uttId !== undefined && { utt_id: uttId }),
      ...(captureId !== undefined && { capture_id: captureId }),
      ...(this.#privacy.on && this.#privacy.reason !== "" && { privacy_reason: this.#privacy.reason }),
    };
  }

  #hearingOf(siteId: string): Hearing {
    const site = this.#sites.site(siteId);
    if (this.#sites.isFull(siteId))
      return { source: "mqtt", state: "full", detail: "As many sites as can be heard are heard." };
    if (siteId === DEFAULT_SITE && site?.hearsRemote !== true) return this.#microphone.hearing;
    const complaint = site?.complaint;
    return {
      source: "mqtt",
      state: site?.hearsRemote === true ? "open" : "closed",
      ...(complaint !== undefined && { detail: complaint }),
    };
  }
}

const TOO_SLOW = {
  reason: "This board is too slow for open questions offline; commands are understood.",
  remedy: "Run stt-worker on a faster machine of the same broker.",
};

function isFile(source: AudioSource | undefined): boolean {
  return source?.name === "wav";
}
