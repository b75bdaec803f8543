/** One utterance of a site, from its first sample to its text. */
import type { EngineError, RingReading } from "@ts-tars/audio";
import type { Completeness } from "./completeness.ts";
import { type Hearsay, NOTHING_HEARD, weigh } from "./hearsay.ts";
import type { Ending } from "./segmenter.ts";
import type { Decoder, PartialReadings, Readings, Utterance } from "./transcriber.ts";
import type { Voice } from "./voice-detector.ts";

/** What comes back of a segment, later. */
export type SegmentNews =
  | { readonly type: "partial"; readonly segment: Segment; readonly readings: PartialReadings }
  | { readonly type: "read"; readonly segment: Segment; readonly readings: Readings }
  | { readonly type: "broke"; readonly segment: Segment; readonly error: EngineError };

export interface SegmentDeps {
  readonly decoder: Decoder;
  readonly uttId: string | undefined;
  readonly beginSample: number;
  readonly beganAtMs: number;
  readonly post: (news: SegmentNews) => void;
}

export class Segment {
  readonly uttId: string | undefined;
  readonly beganAtMs: number;
  readonly #decoder: Decoder;
  readonly #post: (news: SegmentNews) => void;
  #utterance: Utterance;
  /** All of it, in case it has to be read again. */
  readonly #sound: Int16Array[] = [];
  /** What it was read as when it seemed to be over; nothing has been said since. */
  #draft: Readings | undefined;
  /** Behind the last sample that was handed over. */
  fedSample: number;
  hearsay: Hearsay = NOTHING_HEARD;
  /** When the end was decided, and how. */
  decision: { readonly atMs: number; readonly ending: Ending } | undefined;
  #speechFrameCount = 0;
  #speechPower = 0;
  #floorDbSum = 0;

  constructor({ decoder, uttId, beginSample, beganAtMs, post }: SegmentDeps) {
    this.uttId = uttId;
    this.fedSample = beginSample;
    this.beganAtMs = beganAtMs;
    this.#decoder = decoder;
    this.#post = post;
    this.#utterance = this.#begin();
  }

  #begin(): Utterance {
    return this.#decoder.begin({
      onPartial: (readings) => this.#post({ type: "partial", segment: this, readings }),
      onBroken: (error) => this.#post({ type: "broke", segment: this, error }),
    });
  }

  /** What the ring still has; of a gap longer than the ring that is only its end. */
  feed({ sample, pcm }: Pick<RingReading, "sample" | "pcm">): void {
    this.fedSample = sample + pcm.length;
    if (pcm.length === 0) return;
    this.#sound.push(pcm.slice());
    if (this.#draft === undefined) this.#utterance.feed(pcm);
  }

  /** How a frame of it sounds. */
  listen({ isSpeech, levelDb, floorDb }: Voice): void {
    if (!isSpeech) return;
    if (this.#draft !== undefined) this.#readAgain();
    this.#speechFrameCount += 1;
    this.#speechPower += 10 ** (levelDb / 10);
    this.#floorDbSum += floorDb;
  }

  /** What is shown changed, or what its words say about the end. */
  weigh(readings: PartialReadings, isComplete: Completeness): Hearsay {
    this.hearsay = weigh(this.hearsay, readings, isComplete);
    return this.hearsay;
  }

  /** It was no end: more may be said, and what has been is kept as it was read. */
  keepDraft(readings: Readings): void {
    this.#draft = readings;
    this.decision = undefined;
  }

  /** Somebody went on: words are read better with what stands around them. */
  #readAgain(): void {
    this.#draft = undefined;
    this.hearsay = NOTHING_HEARD;
    this.#utterance = this.#begin();
    for (const pcm of this.#sound) this.#utterance.feed(pcm.slice());
  }

  finish(ending: Ending, atMs: number): void {
    this.decision = { atMs, ending };
    if (this.#draft !== undefined) {
      this.#post({ type: "read", segment: this, readings: this.#draft });
      return;
    }
    this.#utterance.finish().then(
      (readings) => this.#post({ type: "read", segment: this, readings }),
      // Told by `onBroken`, or dropped by us.
      () => undefined,
    );
  }

  drop(): void {
    this.#utterance.drop();
  }

  /** Level of the speech, dB below full scale. */
  get levelDb(): number {
    return this.#speechFrameCount === 0 ? -100 : 10 * Math.log10(this.#speechPower / this.#speechFrameCount);
  }

  /** Level of the speech over the room's. */
  get overFloorDb(): number {
    return this.#speechFrameCount === 0 ? 0 : this.levelDb - this.#floorDbSum / this.#speechFrameCount;
  }
}
