/** All that hears: sites, decoders, this machine's microphone, and the person's word about them; tells the bus what becomes of it. */
import { type AudioSource, RATE_HZ } from "@ts-tars/audio";
import { type SttPrivacy, sttAudioFft, sttFinal, sttPartial, sttRefused, type TtsStatus } from "@ts-tars/contracts";
import { NO_COMMANDS, takeCommands } from "./commands.ts";
import { Decoders } from "./decoders.ts";
import type { SttWorkerDeps } from "./deps.ts";
import type { Inbound } from "./inbound.ts";
import { Microphone } from "./microphone.ts";
import type { Outcome } from "./outcome.ts";
import type { Privacy } from "./privacy-store.ts";
import { finalOf, refusedOf } from "./publications.ts";
import type { Share } from "./share.ts";
import { DEFAULT_SITE, Sites } from "./sites.ts";
import { spectrumOf } from "./spectrum.ts";
import { remember, type Spoken, spokenSince } from "./spoken.ts";
import { StateBoard } from "./state-board.ts";

export interface EarsDeps extends SttWorkerDeps {
  readonly share: Share;
  readonly post: (event: Inbound) => void;
  readonly handled: (event: Inbound) => Promise<void>;
}

export class Ears implements AsyncDisposable {
  readonly #deps: EarsDeps;
  readonly #decoders: Decoders;
  readonly #microphone: Microphone;
  readonly #sites: Sites;
  readonly #board: StateBoard;
  #privacy: Privacy;
  #commands = NO_COMMANDS;
  #spoken: Spoken = [];
  #frameCount = 0;

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
      onFrame: (frame) => {
        if (!this.#privacy.on) deps.share.push(frame);
        const provenance = { source: ownSource, isRemote: false } as const;
        return handled({ type: "heard", siteId: DEFAULT_SITE, frame, provenance });
      },
      onEnd: (captureId) => {
        deps.share.endCapture();
        post({ type: "source_ended", siteId: DEFAULT_SITE, captureId });
      },
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
        onChange: (siteId) => this.#board.show(siteId),
        onGone: (siteId) => this.#board.hide(siteId),
      },
    });
    this.#board = new StateBoard({
      ...deps,
      sites: this.#sites,
      microphone: this.#microphone,
      privacy: () => this.#privacy,
    });
    this.#sites.open();
    this.#open();
    this.showParts();
  }

  get sites(): Sites {
    return this.#sites;
  }

  hear({ siteId, frame, provenance }: Inbound & { readonly type: "heard" }): void {
    this.#sites.hear(siteId, frame, provenance);
    const isForbidden = this.#privacy.on && provenance.source !== "file";
    if (!isForbidden && this.#deps.tellsSpectrum()) this.#tellSpectrum(siteId, frame.pcm);
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
    if (on) this.#deps.share.silence();
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
    for (const siteId of this.#sites.siteIds) this.#board.show(siteId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#sites.close();
    this.#board.close();
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

  /** Every fifth frame: ten times a second. */
  #tellSpectrum(siteId: string, pcm: Int16Array): void {
    this.#frameCount += 1;
    if (this.#frameCount % 5 !== 0) return;
    const { bars, levelDb } = spectrumOf(pcm);
    const data = { site_id: siteId, fft_data: [...bars], sample_rate: RATE_HZ, level_db: Math.min(0, levelDb) };
    this.#say(() => this.#deps.client.publish(sttAudioFft, data));
  }

  /** A full outbox: who waits for it has a deadline; the ears go on. */
  #say(publish: () => unknown): void {
    try {
      publish();
    } catch (error) {
      this.#deps.log.error({ err: error }, "what was heard could not be published");
    }
  }
}

const TOO_SLOW = {
  reason: "This board is too slow for open questions offline; commands are understood.",
  remedy: "Run stt-worker on a faster machine of the same broker.",
};

function isFile(source: AudioSource | undefined): boolean {
  return source?.name === "wav";
}
