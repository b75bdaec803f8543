import { EngineError, ProgramError } from "@ts-tars/audio";
import type { Log } from "@ts-tars/mqtt";
import type { Clock, Health } from "@ts-tars/service";
import { type Lack, lackOf } from "./lack.ts";
import type { SpeechEngine } from "./speech-engine.ts";

export interface EngineChoiceDeps {
  /** Best first. */
  readonly engines: readonly SpeechEngine[];
  /** What keeps time when none of them works; undefined: sentences fail, and say why. */
  readonly spare: SpeechEngine | undefined;
  /** The language of sentences that name none. */
  readonly lang: string;
  readonly clock: Clock;
  readonly health: Health;
  readonly log: Log;
  /** Another engine speaks from now on. */
  readonly onChange: () => void;
}

/** What is missing is looked for again so often: an install needs no restart. */
const LOOK_AGAIN_MS = 10_000;
const PART = "engine";

/** Which engine speaks: the first that works and knows the language. */
export class EngineChoice {
  readonly #deps: EngineChoiceDeps;
  #working: readonly SpeechEngine[] = [];
  /** Of the best engine that does not work. */
  #lack: Lack | undefined;
  #cancelTimer: () => void = () => undefined;
  #isClosed = false;

  constructor(deps: EngineChoiceDeps) {
    this.#deps = deps;
  }

  /** The one that speaks the language of the house; undefined when none does. */
  get current(): SpeechEngine | undefined {
    return this.#working.find((engine) => engine.speaks(this.#deps.lang)) ?? this.#deps.spare;
  }

  /** @throws {EngineError} when no engine that works speaks the language. */
  engineFor(lang: string): SpeechEngine {
    const found = this.#working.find((engine) => engine.speaks(lang)) ?? this.#spareFor(lang);
    if (found !== undefined) return found;
    const { reason, remedy } = this.#working.length === 0 && this.#lack !== undefined ? this.#lack : noneSpeaks(lang);
    throw new EngineError(reason, { remedy });
  }

  /** Looks which engines work, tells the health, and looks again later when something is missing. Never rejects. */
  async look(): Promise<void> {
    this.#cancelTimer();
    const lacks: Lack[] = [];
    const working: SpeechEngine[] = [];
    for (const engine of this.#deps.engines) {
      try {
        await engine.check();
        working.push(engine);
      } catch (error) {
        lacks.push(lackOf(error));
      }
    }
    if (this.#isClosed) return;
    this.#working = working;
    this.#lack = lacks[0];
    this.#tell();
  }

  /** A sentence could be made. */
  worked(): void {
    if (this.#lack === undefined || this.#working.length === 0) return;
    this.#lack = undefined;
    this.#tell();
  }

  /** A sentence could not be made because of the engine. */
  failed(error: unknown): void {
    const { log, clock } = this.#deps;
    log.warn({ err: error }, "the speech engine failed");
    this.#lack = lackOf(error);
    this.#deps.health.degraded(this.#lack.reason, this.#lack.remedy, PART);
    this.#cancelTimer();
    // One that was uninstalled is not waited for: another may be there.
    if (error instanceof ProgramError) void this.look();
    else this.#cancelTimer = clock.setTimer(LOOK_AGAIN_MS, () => void this.look());
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTimer();
  }

  #spareFor(lang: string): SpeechEngine | undefined {
    // Somebody who works, but not in this language, is no reason to keep silent about it.
    return this.#working.length === 0 && lang === this.#deps.lang ? this.#deps.spare : undefined;
  }

  #tell(): void {
    const { health, lang, clock, onChange } = this.#deps;
    onChange();
    const isWell = this.#working.some((engine) => engine.speaks(lang));
    if (isWell) health.ok(PART);
    else {
      const { reason, remedy } = this.#working.length > 0 ? noneSpeaks(lang) : (this.#lack ?? noneSpeaks(lang));
      health.degraded(reason, remedy, PART);
      this.#cancelTimer();
      this.#cancelTimer = clock.setTimer(LOOK_AGAIN_MS, () => void this.look());
    }
  }
}

function noneSpeaks(lang: string): Lack {
  return {
    reason: `No speech engine here speaks "${lang}".`,
    remedy: "Install espeak-ng (sudo apt install espeak-ng), or set TARS_LANG to a language of: espeak-ng --voices",
  };
}
