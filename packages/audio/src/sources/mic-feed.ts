import { audioMic } from "@ts-tars/contracts";
import type { Client } from "@ts-tars/mqtt";
import { Alarm, type Clock, whenAborted } from "@ts-tars/service";
import type { AudioSource } from "../audio-source.ts";
import type { AudioFrame } from "../frame.ts";
import { type MicCapture, MicStreams } from "./mic-streams.ts";

/** What is known of a capture at its first frame. */
export type CaptureBeginning = Pick<MicCapture, "siteId" | "captureId" | "isFile">;

/** Whose microphones are heard. */
export interface MicFeedOptions {
  readonly client: Client;
  readonly clock: Clock;
  /** Told at the first frame of each capture. Whoever opens the site's source then, or within 5 s, gets it from that frame on. */
  readonly onCapture: (capture: CaptureBeginning) => void;
}

/** All microphones on the bus, `audio/{site}/mic`. */
export interface MicFeed extends AsyncDisposable {
  /** Resolves when it hears. */
  readonly active: Promise<void>;
  /**
   * The source `mqtt` of a site; one reader at a time. An opening gets the capture that nobody has had yet, else joins the one that
   * runs and was left, else waits for the next.
   */
  sourceOf(siteId: string): AudioSource;
}

/**
 * Listens to the microphones of all sites at once, so that a site is heard from its first frame on, whoever it is. At each the
 * newest stream counts; what nobody reads is bounded, and forgotten with the next stream, or when it is silent for 60 s.
 */
export function openMicFeed({ client, clock, onCapture }: MicFeedOptions): MicFeed {
  const untaken = new Untaken();
  const waiting = new Map<string, (capture: MicCapture) => void>();
  const streams = new MicStreams((capture) => {
    untaken.add(capture);
    waiting.get(capture.siteId)?.(capture);
    onCapture(capture);
  });
  const next = (siteId: string, signal: AbortSignal): Promise<MicCapture | undefined> => {
    const capture = untaken.of(siteId) ?? streams.rejoin(siteId);
    if (capture !== undefined) return Promise.resolve(capture);
    return new Promise((resolve) => {
      const stopWaiting = whenAborted(signal, () => {
        waiting.delete(siteId);
        resolve(undefined);
      });
      if (signal.aborted) return;
      waiting.set(siteId, (begun) => {
        stopWaiting[Symbol.dispose]();
        waiting.delete(siteId);
        resolve(begun);
      });
    });
  };
  const alarm = new Alarm(clock, () => {
    for (const capture of streams.forgetSilent(clock.nowMs())) untaken.forget(capture);
    alarm.set(streams.silentAtMs);
  });
  const subscription = client.subscribe(audioMic, ({ data, params }) => {
    streams.take(params.site, data, clock.nowMs());
    alarm.set(streams.silentAtMs);
  });
  return {
    active: subscription.active,
    sourceOf: (siteId) => ({
      name: "mqtt",
      label: siteId,
      frames: async function* (signal): AsyncGenerator<AudioFrame, void, undefined> {
        const capture = signal.aborted ? undefined : await next(siteId, signal);
        if (capture === undefined) return;
        untaken.forget(capture);
        using _aborting = whenAborted(signal, () => capture.queue.leave());
        try {
          yield* capture.queue.read();
        } finally {
          capture.queue.leave();
        }
      },
    }),
    [Symbol.asyncDispose]: async () => {
      await subscription.stop();
      alarm.set(undefined);
      streams.end();
    },
  };
}

/** As many as `MicStreams` keeps. */
const UNTAKEN_MAX = 12;

/** Captures that nobody has had yet: of each site the newest, and not of more sites than there are streams. */
class Untaken {
  readonly #captures = new Map<string, MicCapture>();

  of(siteId: string): MicCapture | undefined {
    return this.#captures.get(siteId);
  }

  add(capture: MicCapture): void {
    this.#captures.delete(capture.siteId);
    this.#captures.set(capture.siteId, capture);
    for (const siteId of this.#captures.keys()) if (this.#captures.size > UNTAKEN_MAX) this.#captures.delete(siteId);
  }

  /** Unless another one has taken its place meanwhile. */
  forget({ siteId, captureId }: MicCapture): void {
    if (this.#captures.get(siteId)?.captureId === captureId) this.#captures.delete(siteId);
  }
}
