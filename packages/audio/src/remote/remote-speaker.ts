import { AUDIO_FLAG, audioFlush, audioPlayout, audioSpeaker, ttsStatus } from "@ts-tars/contracts";
import type { Client, Received, Subscription } from "@ts-tars/mqtt";
import type { Clock } from "@ts-tars/service";
import { advance, beginPlayout, cut, hasEnded, type Playout, receive } from "./playout.ts";

/** One sentence that was spoken at the site. */
export interface SpokenSentence {
  readonly sayId: string;
  readonly text: string;
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

/** Frames name their sentence by its first half. */
const STREAM_ID_CHARS = 16;

interface Sounding {
  readonly text: string;
  readonly sayId: string;
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
  readonly #subscriptions: readonly Subscription[];
  /** By stream id, in the order in which they were announced. */
  readonly #sentences = new Map<string, Sounding>();
  #cancelTimer: () => void = () => undefined;

  constructor(options: RemoteSpeakerOptions) {
    this.#options = options;
    const { client, siteId: site } = options;
    this.#subscriptions = [
      client.subscribe(ttsStatus, ({ data: { event, say_id: sayId, text, site_id: siteId } }) => {
        if (event === "queued" && siteId === site && sayId !== undefined) this.#announce(sayId, text);
      }),
      client.subscribe(audioSpeaker.at({ site }), (message) => this.#take(message)),
      client.subscribe(audioFlush.at({ site }), ({ data }) => this.#flush(data.say_id)),
    ];
    this.active = Promise.all(this.#subscriptions.map(({ active }) => active)).then(() => undefined);
  }

  get spoken(): readonly SpokenSentence[] {
    return [...this.#sentences.values()]
      .filter(({ playout }) => playout.receivedSamples > 0)
      .map(({ sayId, text, chunks, playout }) => ({ sayId, text, pcm: joined(chunks, playout.receivedSamples) }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cancelTimer();
    await Promise.all(this.#subscriptions.map((subscription) => subscription.stop()));
  }

  #announce(sayId: string, text: string): void {
    const streamId = sayId.slice(0, STREAM_ID_CHARS);
    if (this.#sentences.has(streamId)) return;
    const playout = beginPlayout(this.#options.clock.nowMs());
    this.#sentences.set(streamId, { sayId, text, chunks: [], playout, hasEnded: false });
  }

  #take({ data }: Received<{ readonly stream_id: string; readonly flags?: number; readonly bytes: Uint8Array }>): void {
    const sounding = this.#sentences.get(data.stream_id);
    if (sounding === undefined || sounding.hasEnded) return;
    const atMs = this.#options.clock.nowMs();
    // A first frame ends the silence before it.
    if (sounding.chunks.length === 0) sounding.playout = beginPlayout(atMs);
    // The frame's bytes may begin at an odd address, which no Int16Array can.
    const chunk = new Int16Array(data.bytes.slice().buffer);
    sounding.chunks.push(chunk);
    const isLast = ((data.flags ?? 0) & AUDIO_FLAG.end) !== 0;
    sounding.playout = receive(sounding.playout, { sampleCount: chunk.length, isLast, atMs });
    this.#report();
  }

  #flush(sayId: string | undefined): void {
    for (const sounding of this.#sentences.values()) {
      if (sayId !== undefined && sounding.sayId !== sayId) continue;
      sounding.playout = cut(sounding.playout, this.#options.clock.nowMs());
      sounding.hasEnded = true;
    }
  }

  /** Says how far each is, now and until nothing sounds any more. */
  #report(): void {
    const { client, siteId: site, clock } = this.#options;
    this.#cancelTimer();
    const sounding = [...this.#sentences.values()].filter(
      ({ chunks, hasEnded: isOver }) => chunks.length > 0 && !isOver,
    );
    for (const one of sounding) {
      one.playout = advance(one.playout, clock.nowMs());
      one.hasEnded = hasEnded(one.playout);
      const state = one.hasEnded ? "ended" : "playing";
      client.publish(audioPlayout.at({ site }), { say_id: one.sayId, played_ms: one.playout.playedMs, state });
    }
    if (sounding.some((one) => !one.hasEnded)) {
      this.#cancelTimer = clock.setTimer(REPORT_EVERY_MS, () => this.#report());
    }
  }
}

function joined(chunks: readonly Int16Array[], sampleCount: number): Int16Array {
  const pcm = new Int16Array(sampleCount);
  let at = 0;
  for (const chunk of chunks) {
    const fitting = chunk.subarray(0, sampleCount - at);
    pcm.set(fitting, at);
    at += fitting.length;
  }
  return pcm;
}
