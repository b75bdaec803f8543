/**
 * What is being said at one site: the ring of its last 5 s, who speaks, and the utterance that is read.
 *
 * 1. Every segment ends in exactly one outcome.
 * 2. Only one capture is listened to at a time, and what the ring holds is of that one.
 * 3. What is said while a segment is transcribed waits in the ring.
 */
import { type AudioFrame, type EngineError, Ring } from "@ts-tars/audio";
import type { Clock } from "@ts-tars/service";
import type { Completeness } from "./completeness.ts";
import { seemUnfinished } from "./hearsay.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { Segment, type SegmentNews } from "./segment.ts";
import {
  DEAF,
  dueAtMs,
  type Ending,
  isBusy,
  isDoubtable,
  type Segmenter,
  type SegmenterEffect,
  type SegmenterEvent,
  step,
} from "./segmenter.ts";
import type { Decoder, Readings } from "./transcriber.ts";
import type { VoiceDetector } from "./voice-detector.ts";
import { type HeardFrame, VoiceHistory } from "./voice-history.ts";

export interface ListenerDeps {
  readonly clock: Clock;
  /** Undefined when there is none for this site. */
  readonly decoder: () => Decoder | undefined;
  readonly openDetector: () => VoiceDetector;
  readonly isComplete: Completeness;
  /** What the robot said since then, at any site. */
  readonly spokenSince: (sinceMs: number) => string;
  /** Where news of segments go: through the service's one loop, back to `take`. */
  readonly post: (news: SegmentNews) => void;
  readonly onPartial: (uttId: string | undefined, text: string) => void;
  readonly onOutcome: (outcome: Outcome) => void;
}

/** Where to begin. */
export interface Beginning {
  readonly uttId: string | undefined;
  /** Of the capture that `fromSample` counts in; undefined: the one that runs. */
  readonly captureId: string | undefined;
  readonly fromSample: number | undefined;
}

const RING_MS = 5_000;
/** From the end of speech to its text. */
const TRANSCRIBE_MS = 10_000;
/** What the robot said so long before the utterance may still be in it. */
const ECHO_MS = 3_000;

export class Listener {
  readonly #deps: ListenerDeps;
  #ring = new Ring(RING_MS);
  readonly #voices = new VoiceHistory();
  #detector: VoiceDetector;
  #segmenter: Segmenter = DEAF;
  #segment: Segment | undefined;
  #uttId: string | undefined;
  /** The only capture that is listened to; undefined: any. */
  #wantedCaptureId: string | undefined;

  constructor(deps: ListenerDeps) {
    this.#deps = deps;
    this.#detector = deps.openDetector();
  }

  get activity(): "idle" | "speech" | "transcribing" {
    if (this.#segmenter.kind === "transcribing") return "transcribing";
    return this.#segmenter.kind === "speaking" ? "speech" : "idle";
  }

  /** Of what the ring holds. */
  get captureId(): string | undefined {
    return this.#voices.captureId;
  }

  /** The turn of the segment that runs. */
  get segmentUttId(): string | undefined {
    return this.#segment?.uttId;
  }

  /** When `timePassed` must come. */
  get dueAtMs(): number | undefined {
    const decidedAtMs = this.#segment?.decision?.atMs;
    return decidedAtMs === undefined ? dueAtMs(this.#segmenter) : decidedAtMs + TRANSCRIBE_MS;
  }

  /** Listens to the next utterance; one that runs is given up for it. */
  listen({ uttId, captureId, fromSample }: Beginning): void {
    this.#refuse("superseded", "Something else is listened to now.");
    this.#uttId = uttId;
    this.#wantedCaptureId = captureId;
    const isHere = captureId === undefined || captureId === this.captureId;
    const now = this.#ring.nextSample;
    // What counts in a capture that has not come yet begins with it.
    this.#step({ type: "opened", fromSample: isHere ? Math.min(fromSample ?? now, now) : (fromSample ?? 0) });
  }

  /** The button was released: what is being said is still read. */
  finish(toSample: number | undefined): void {
    this.#step({ type: "released", toSample, atMs: this.#deps.clock.nowMs() });
  }

  /** Gives up what is being said, and listens no more. */
  drop(reason: string, detail: string): void {
    this.#refuse(reason, detail);
    this.#step({ type: "closed" });
  }

  /** Forgets what was heard last. */
  wipe(): void {
    this.#ring = new Ring(RING_MS);
    this.#voices.clear();
    this.#detector = this.#deps.openDetector();
  }

  hear({ captureId, sample, pcm }: AudioFrame): void {
    if (captureId !== this.captureId) this.#beginCapture();
    this.#ring.push({ captureId, sample, pcm });
    const frame = { ...this.#detector.hear(pcm), captureId, sample, sampleCount: pcm.length };
    this.#voices.push(frame);
    this.#listenTo(frame);
  }

  /** Nothing more comes of this capture. */
  sourceEnded(captureId: string): void {
    if (captureId === this.captureId) this.#step({ type: "source_ended" });
  }

  /** News of a segment; of one that is over already they mean nothing. */
  take(news: SegmentNews): void {
    const { segment } = news;
    if (segment !== this.#segment) return;
    switch (news.type) {
      case "partial": {
        const { text, hint } = segment.weigh(news.readings, this.#deps.isComplete);
        this.#deps.onPartial(segment.uttId, text);
        this.#step({ type: "hinted", hint });
        return;
      }
      case "read":
        if (isDoubtable(this.#segmenter) && seemUnfinished(news.readings)) {
          segment.keepDraft(news.readings);
          this.#step({ type: "doubted", atMs: this.#deps.clock.nowMs() });
        } else this.#conclude(segment, news.readings);
        return;
      case "broke":
        this.#fail("engine_failed", news.error);
        return;
    }
  }

  timePassed(): void {
    const atMs = this.#deps.clock.nowMs();
    const decidedAtMs = this.#segment?.decision?.atMs;
    if (decidedAtMs !== undefined && atMs >= decidedAtMs + TRANSCRIBE_MS) {
      this.drop("engine_timeout", "The recogniser did not finish in 10 s. Ask again.");
      return;
    }
    this.#step({ type: "time_passed", atMs });
  }

  #beginCapture(): void {
    if (this.captureId !== undefined) this.#step({ type: "source_ended" });
    this.#detector = this.#deps.openDetector();
    // Samples are counted anew: whoever waits, waits for the first.
    const isWaiting = this.#segmenter.kind === "waiting" && this.#wantedCaptureId === undefined;
    if (isWaiting) this.#step({ type: "opened", fromSample: 0 });
  }

  #listenTo(frame: HeardFrame): void {
    if (this.#wantedCaptureId !== undefined && this.#wantedCaptureId !== frame.captureId) return;
    this.#segment?.listen(frame);
    this.#step({ type: "heard", ...frame, atMs: this.#deps.clock.nowMs() });
    if (this.#segmenter.kind === "speaking") this.#feedUpTo(frame.sample + frame.sampleCount);
  }

  #step(event: SegmenterEvent): void {
    const [next, effects] = step(this.#segmenter, event);
    this.#segmenter = next;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: SegmenterEffect): void {
    switch (effect.do) {
      case "begin":
        this.#begin(effect.fromSample);
        return;
      case "end":
        this.#end(effect.end);
        return;
      case "drop":
        this.#refuse("dropped", "Nobody wanted to hear it any more.");
        return;
      case "resume":
        for (const frame of this.#voices.since(effect.fromSample)) this.#listenTo(frame);
    }
  }

  #begin(fromSample: number): void {
    const { decoder, clock, post } = this.#deps;
    const found = decoder();
    // Whoever opened the grant has made sure that there is one; it may have gone since.
    if (found === undefined) {
      this.#step({ type: "closed" });
      return;
    }
    const deps = { decoder: found, uttId: this.#uttId, beganAtMs: clock.nowMs(), post };
    this.#segment = new Segment({ ...deps, beginSample: Math.max(fromSample, this.#ring.firstSample) });
  }

  #end(ending: Ending): void {
    this.#feedUpTo(ending.endSample);
    this.#segment?.finish(ending, this.#deps.clock.nowMs());
  }

  #feedUpTo(sample: number): void {
    const segment = this.#segment;
    if (segment !== undefined) segment.feed(this.#ring.read(segment.fedSample, sample));
  }

  #conclude(segment: Segment, readings: Readings): void {
    const { clock, spokenSince, onOutcome } = this.#deps;
    const { decision, uttId, levelDb, overFloorDb, beganAtMs } = segment;
    if (decision === undefined) return;
    this.#segment = undefined;
    const transcribeMs = clock.nowMs() - decision.atMs;
    const read = { uttId, ending: decision.ending, levelDb, overFloorDb, transcribeMs };
    onOutcome(outcomeOf(read, readings, spokenSince(beganAtMs - ECHO_MS)));
    this.#step({ type: "transcribed" });
  }

  #fail(reason: string, error: EngineError): void {
    this.drop(reason, `${error.message} ${error.remedy}`);
  }

  /** The segment that runs, if one does, is none. */
  #refuse(reason: string, detail: string): void {
    const segment = this.#segment;
    if (segment === undefined) return;
    this.#segment = undefined;
    segment.drop();
    const { uttId, decision } = segment;
    this.#deps.onOutcome({ kind: "refused", uttId, reason, detail, ...(decision && { end: decision.ending.reason }) });
  }

  /** Whether somebody speaks or is being transcribed. */
  get isBusy(): boolean {
    return isBusy(this.#segmenter);
  }
}
