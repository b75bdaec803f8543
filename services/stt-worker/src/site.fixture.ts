/** One site with a manual clock, a decoder without sound, and a detector that takes every loud frame for speech. */

import type { WakeMicCommand } from "@ts-tars/contracts";
import { type ManualClock, manualClock } from "@ts-tars/harness";
import type { SourceKind } from "./grant.ts";
import type { Outcome } from "./outcome.ts";
import { type Objection, Site } from "./site.ts";
import { FakeDecoder } from "./transcriber.fixture.ts";
import type { VoiceDetector } from "./voice-detector.ts";

export const [TURN, OTHER_TURN] = ["1".repeat(32), "2".repeat(32)];
export const [CAPTURE, OTHER_CAPTURE] = ["a".repeat(16), "b".repeat(16)];

const LOUD = new Int16Array(320).fill(3_000);
const QUIET = new Int16Array(320);

/** Loud is speech. */
const plainDetector = (): VoiceDetector => ({
  name: "plain",
  hear: (pcm) => {
    const isLoud = (pcm[0] ?? 0) > 100;
    return { isSpeech: isLoud, isLoud, levelDb: isLoud ? -20 : -70, floorDb: -70 };
  },
});

export interface SceneOptions {
  readonly isPrivate?: boolean;
  readonly source?: SourceKind;
  readonly objection?: Objection;
  readonly isComplete?: (text: string) => boolean;
}

export class SiteScene {
  readonly clock: ManualClock = manualClock();
  readonly decoder = new FakeDecoder({ onUp: () => undefined, onDown: () => undefined, onGrammar: () => undefined });
  readonly outcomes: Outcome[] = [];
  readonly partials: string[] = [];
  readonly site: Site;
  changeCount = 0;
  spoken = "";
  #sample = new Map<string, number>();

  constructor({ isPrivate = false, source = "microphone", objection, isComplete = () => false }: SceneOptions = {}) {
    this.decoder.up();
    this.site = new Site({
      clock: this.clock,
      ...{ isPrivate, source, isComplete },
      objection: () => objection,
      decoder: () => this.decoder,
      openDetector: plainDetector,
      spokenSince: () => this.spoken,
      post: (news) => this.site.take(news),
      report: {
        onPartial: ({ text }) => this.partials.push(text),
        onOutcome: (outcome) => this.outcomes.push(outcome),
        onChange: () => {
          this.changeCount += 1;
        },
        onTime: () => this.site.timePassed(),
      },
    });
  }

  order(command: Partial<WakeMicCommand>): void {
    this.site.command({ site_id: "room", ...command });
  }

  open(command: Partial<WakeMicCommand> = {}): void {
    this.order({ grant: "open", utt_id: TURN, ttl_ms: 8_000, ...command });
  }

  /** Sound in real time, frame by frame. */
  async hear(durationMs: number, how: "speech" | "silence", from: Partial<Sender> = {}): Promise<void> {
    const { captureId = CAPTURE, source = "microphone", isRemote = true } = from;
    for (let ms = 0; ms < durationMs; ms += 20) {
      await this.clock.advance(20);
      const sample = this.#sample.get(captureId) ?? 0;
      this.site.hear({ captureId, sample, pcm: how === "speech" ? LOUD : QUIET }, { source, isRemote });
      this.#sample.set(captureId, sample + 320);
    }
  }

  /** What was promised is told. */
  settle(): Promise<void> {
    return this.clock.advance(0);
  }

  /** The outcomes in short: `heard <text>` or `refused <reason>`. */
  get short(): readonly string[] {
    return this.outcomes.map((outcome) =>
      outcome.kind === "heard" ? `heard ${outcome.text}` : `refused ${outcome.reason}`,
    );
  }
}

export interface Sender {
  readonly captureId: string;
  readonly source: SourceKind;
  readonly isRemote: boolean;
}
