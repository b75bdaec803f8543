/** The microphones, satellites and files on `audio/{site}/mic`: each site's sound, from its first frame on. */
import { type AudioFrame, openMicFeed } from "@ts-tars/audio";
import type { Client, Log } from "@ts-tars/mqtt";
import type { Clock } from "@ts-tars/service";
import type { Provenance } from "./arrivals.ts";

export interface RemoteMicrophonesDeps {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Log;
  /** Resolves when the frame is taken. */
  readonly onFrame: (siteId: string, frame: AudioFrame, provenance: Provenance) => Promise<void>;
  readonly onEnd: (siteId: string, captureId: string) => void;
}

export interface RemoteMicrophones extends AsyncDisposable {
  /** Resolves when they are heard. */
  readonly active: Promise<void>;
}

/** As many sites are read at the same time as the feed keeps apart. */
const SITES_MAX = 16;
/** Captures whose kind is remembered: the newest of each site, and some that are about to end. */
const CAPTURES_MAX = 64;

export function openRemoteMicrophones({
  client,
  clock,
  log,
  onFrame,
  onEnd,
}: RemoteMicrophonesDeps): RemoteMicrophones {
  const readers = new Map<string, Promise<void>>();
  /** Sites that began another capture while one is read. */
  const pending = new Set<string>();
  const files = new Map<string, boolean>();
  const closing = new AbortController();
  const feed = openMicFeed({
    client,
    clock,
    onCapture: ({ siteId, captureId, isFile }) => {
      files.set(captureId, isFile);
      for (const oldest of files.keys()) if (files.size > CAPTURES_MAX) files.delete(oldest);
      if (readers.has(siteId)) pending.add(siteId);
      else if (readers.size < SITES_MAX) readers.set(siteId, readAll(siteId));
    },
  });
  const readAll = async (siteId: string): Promise<void> => {
    do {
      pending.delete(siteId);
      await readOne(siteId);
    } while (pending.has(siteId));
    readers.delete(siteId);
  };
  const readOne = async (siteId: string): Promise<void> => {
    let captureId: string | undefined;
    try {
      for await (const frame of feed.sourceOf(siteId).frames(closing.signal)) {
        captureId = frame.captureId;
        const isFile = files.get(captureId) === true;
        await onFrame(siteId, frame, { source: isFile ? "file" : "microphone", isRemote: true });
      }
    } catch (error) {
      // The service is closing, or is full of other things: this capture is lost, the next one is not.
      if (!closing.signal.aborted) log.warn({ err: error, site_id: siteId }, "remote microphone was given up");
    }
    if (captureId !== undefined) onEnd(siteId, captureId);
  };
  return {
    active: feed.active,
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      await Promise.all(readers.values());
      await feed[Symbol.asyncDispose]();
    },
  };
}
