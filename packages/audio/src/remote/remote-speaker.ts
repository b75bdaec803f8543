import { AUDIO_FLAG, audioFlush, audioPlayout, audioSpeaker, type SoundFrame, soundIdOf } from "@ts-tars/contracts";
import type { Client, Subscription } from "@ts-tars/mqtt";
import type { Clock } from "@ts-tars/service";
import { samplesOfMs } from "../frame.ts";
import { joinPcm } from "../pcm/join-pcm.ts";
import { advance, beginPlayout, cut, hasEnded, type Playout, receive } from "./playout.ts";

/** One sentence that was spoken at the site. */
export interface SpokenSentence {
  /** The first 16 characters of its `say_id`. */
  readonly soundId: string;
  /** Int16Array, mono, 16 000 Hz: what sounded. */
  readonly pcm: Int16Array;
}

/** The other end of the sink `mqtt`: the loudspeaker of a site that is a program. */
export interface RemoteSpeaker extends AsyncDisposable {
  /** Resolves when it hears. */
  readonly active: Promise<void>;
  /** What was spoken so far, in order; sentences that are still sounding up to what has come of them. */
  readonly spoken: readonly SpokenSentence[];
}

/** What a remote loudspeaker needs. */
export interface RemoteSpeakerOptions {
  readonly client: Client;
  readonly siteId: string;
  readonly clock: Clock;
}

/** tts-worker takes a loudspeaker that says nothing for 2 s for gone. */
const REPORT_EVERY_MS = 100;

/** Of all sentences together: far over any answer. What comes behind that sounds and is not kept. */
const KEPT_SAMPLES_MAX = samplesOfMs(10 * 60 * 1_000);

/** As many as tts-worker lets wait, and then some. */
const SENTENCES_MAX = 1_000;

interface Sounding {
  readonly chunks: Int16Array[];
  playout: Playout;
  hasEnded: boolean;
}

/** Keeps the time of a loudspeaker without sound, says so on `audio/{site}/playout`, and keeps what it was sent. */
export function openRemoteSpeaker(options: RemoteSpeakerOptions): RemoteSpeaker {
  return new KeepingSpeaker(options);
}

class KeepingSpeaker implements RemoteSpeaker {
  readonly active: Promise<void>;
  readonly #options: RemoteSpeakerOptions;
  readonly #playoutTopic: ReturnType<typeof audioPlayout.at>;
  readonly #subscriptions: readonly Subscription[];
  /** By the stream's id, in the order in which they began. */
  readonly #sentences = new Map<string, Sounding>();
  #keptSamples = 0;
  #cancelTimer: () => void = () => undefined;

  constructor(options: RemoteSpeakerOptions) {
    this.#options = options;
    const { client, siteId: site } = options;
    this.#playoutTopic = audioPlayout.at({ site });
    this.#subscriptions = [
      client.subscribe(audioSpeaker.at({ site }), ({ data }) => this.#take(data)),
      client.subscribe(audioFlush.at({ site }), ({ data }) => this.#flush(data.say_id)),
    ];
    this.active = Promise.all(this.#subscriptions.map(({ active }) => active)).then(() => undefined);
  }

  get spoken(): readonly SpokenSentence[] {
    return [...this.#sentences].map(([soundId, { chunks, playout }]) => ({
      soundId,
      // What was cut off did not sound.
      pcm: joinPcm(chunks).subarray(0, playout.receivedSamples),
    }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cancelTimer();
    await Promise.all(this.#subscriptions.map((subscription) => subscription.stop()));
  }

  #take({ stream_id: soundId, bytes, flags = 0 }: SoundFrame): void {
    const atMs = this.#options.clock.nowMs();
    if (this.#sentences.size >= SENTENCES_MAX && !this.#sentences.has(soundId)) return;
    const sounding = this.#sentences.get(soundId) ?? { chunks: [], playout: beginPlayout(atMs), hasEnded: false };
    this.#sentences.set(soundId, sounding);
    if (sounding.hasEnded) return;
    // The frame's bytes may begin at an odd address, which no Int16Array can.
    const chunk = new Int16Array(bytes.slice().buffer);
    if (this.#keptSamples + chunk.length <= KEPT_SAMPLES_MAX) {
      this.#keptSamples += chunk.length;
      sounding.chunks.push(chunk);
    }
    const isLast = (flags & AUDIO_FLAG.end) !== 0;
    sounding.playout = receive(sounding.playout, { sampleCount: chunk.length, isLast, atMs });
    this.#report();
  }

  #flush(sayId: string | undefined): void {
    for (const [soundId, sounding] of this.#sentences) {
      if (sayId !== undefined && soundId !== soundIdOf(sayId)) continue;
      sounding.playout = cut(sounding.playout, this.#options.clock.nowMs());
      sounding.hasEnded = true;
    }
  }

  /** Says how far each is, now and until nothing sounds any more. */
  #report(): void {
    const { client, clock } = this.#options;
    this.#cancelTimer();
    const sounding = [...this.#sentences].filter(([, { hasEnded: isOver }]) => !isOver);
    for (const [soundId, one] of sounding) {
      one.playout = advance(one.playout, clock.nowMs());
      one.hasEnded = hasEnded(one.playout);
      const state = one.hasEnded ? "ended" : "playing";
      client.publish(this.#playoutTopic, { say_id: soundId, played_ms: one.playout.playedMs, state });
    }
    if (sounding.some(([, one]) => !one.hasEnded)) {
      this.#cancelTimer = clock.setTimer(REPORT_EVERY_MS, () => this.#report());
    }
  }
}
