import { audioMic } from "@ts-tars/contracts";
import type { Client } from "@ts-tars/mqtt";
import { whenAborted } from "@ts-tars/service";
import type { AudioSource } from "../audio-source.ts";
import type { AudioFrame } from "../frame.ts";
import { type MicCapture, MicStreams } from "./mic-streams.ts";

/** What is known of a capture at its first frame. */
export type CaptureBeginning = Pick<MicCapture, "siteId" | "captureId" | "isFile">;

/** Whose microphones are heard. */
export interface MicFeedOptions {
  readonly client: Client;
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
 * newest stream counts; what nobody reads is bounded, and forgotten with the next stream.
 */
export function openMicFeed({ client, onCapture }: MicFeedOptions): MicFeed {
  const untaken = new Map<string, MicCapture>();
  const waiting = new Map<string, (capture: MicCapture) => void>();
  const streams = new MicStreams((capture) => {
    untaken.delete(capture.siteId);
    untaken.set(capture.siteId, capture);
    forgetOldest(untaken);
    waiting.get(capture.siteId)?.(capture);
    onCapture(capture);
  });
  const next = (siteId: string, signal: AbortSignal): Promise<MicCapture | undefined> => {
    const capture = untaken.get(siteId) ?? streams.rejoin(siteId);
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
  const subscription = client.subscribe(audioMic, ({ data, params }) => streams.take(params.site, data));
  return {
    active: subscription.active,
    sourceOf: (siteId) => ({
      name: "mqtt",
      label: siteId,
      frames: async function* (signal): AsyncGenerator<AudioFrame, void, undefined> {
        const capture = signal.aborted ? undefined : await next(siteId, signal);
        if (capture === undefined) return;
        untaken.delete(siteId);
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
      streams.end();
    },
  };
}

/** As many as `MicStreams` keeps. */
const UNTAKEN_MAX = 12;

function forgetOldest(captures: Map<string, MicCapture>): void {
  for (const siteId of captures.keys()) {
    if (captures.size <= UNTAKEN_MAX) return;
    captures.delete(siteId);
  }
}
