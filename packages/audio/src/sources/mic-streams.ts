/** Which frames of `audio/{site}/mic` belong to which capture. Pure: time is an argument. */
import { AUDIO_FLAG, type SoundFrame } from "@ts-tars/contracts";
import { FrameQueue } from "../frame-queue.ts";
import { Framer } from "../pcm/framer.ts";
import { samplesOf } from "../pcm/sample-bytes.ts";

/** One stream of a site, from its first frame on. */
export interface MicCapture {
  readonly siteId: string;
  /** The sender's `stream_id`. */
  readonly captureId: string;
  /** It comes from a file: no microphone is open for it. */
  readonly isFile: boolean;
  readonly queue: FrameQueue;
}

interface Stream {
  readonly capture: MicCapture;
  readonly framer: Framer;
}

interface Site {
  readonly stream: Stream;
  /** What still comes of these is late, and belongs to nobody. */
  readonly overIds: readonly string[];
  readonly heardAtMs: number;
}

/** More than are heard at a time; of those beyond, the one that was heard least recently is forgotten. */
const SITES_MAX = 12;
const OVER_IDS_MAX = 8;
/** A stream that says nothing for so long has ended without a word: its page was closed, its machine is off. */
const SILENT_MS = 60_000;

/** At each site the stream that runs now; a new `stream_id` ends the one before it. */
export class MicStreams {
  readonly #sites = new Map<string, Site>();
  readonly #onCapture: (capture: MicCapture) => void;

  constructor(onCapture: (capture: MicCapture) => void) {
    this.#onCapture = onCapture;
  }

  take(siteId: string, frame: SoundFrame, atMs: number): void {
    const site = this.#sites.get(siteId);
    if (site?.overIds.includes(frame.stream_id)) return;
    const isNew = site?.stream.capture.captureId !== frame.stream_id;
    const { stream, overIds } = isNew || site === undefined ? this.#begin(siteId, frame, atMs) : site;
    const { capture, framer } = stream;
    for (const full of framer.push(samplesOf(frame.bytes), frame.position)) capture.queue.push(full);
    const isOver = ((frame.flags ?? 0) & AUDIO_FLAG.end) !== 0;
    this.#keep(siteId, { stream, overIds: isOver ? withLast(overIds, capture.captureId) : overIds, heardAtMs: atMs });
    if (!isOver) return;
    const last = framer.flush();
    if (last !== undefined) capture.queue.push(last);
    capture.queue.end();
  }

  /** The stream that runs at a site and that nobody reads any more, from here on; undefined when there is none. */
  rejoin(siteId: string): MicCapture | undefined {
    const site = this.#sites.get(siteId);
    if (site === undefined || !site.stream.capture.queue.hasEnded) return undefined;
    const { capture, framer } = site.stream;
    if (site.overIds.includes(capture.captureId)) return undefined;
    const rejoined = { ...capture, queue: new FrameQueue() };
    this.#sites.set(siteId, { ...site, stream: { capture: rejoined, framer } });
    return rejoined;
  }

  /** Ends every stream that runs. */
  end(): void {
    for (const { stream } of this.#sites.values()) stream.capture.queue.end();
    this.#sites.clear();
  }

  /** When the first of them will have been silent for too long; undefined: there is none. */
  get silentAtMs(): number | undefined {
    // The first is the one that was heard least recently.
    for (const { heardAtMs } of this.#sites.values()) return heardAtMs + SILENT_MS;
    return undefined;
  }

  /** Ends the streams that have been silent for too long, and says which; what comes of them later begins anew. */
  forgetSilent(atMs: number): readonly MicCapture[] {
    const silent = [...this.#sites].filter(([, { heardAtMs }]) => heardAtMs + SILENT_MS <= atMs);
    for (const [siteId, { stream }] of silent) {
      stream.capture.queue.end();
      this.#sites.delete(siteId);
    }
    return silent.map(([, { stream }]) => stream.capture);
  }

  #begin(siteId: string, { stream_id: captureId, flags = 0 }: SoundFrame, heardAtMs: number): Site {
    const before = this.#sites.get(siteId);
    before?.stream.capture.queue.end();
    const capture = { siteId, captureId, isFile: (flags & AUDIO_FLAG.file) !== 0, queue: new FrameQueue() };
    const overIds = before === undefined ? [] : withLast(before.overIds, before.stream.capture.captureId);
    const site = { stream: { capture, framer: new Framer(captureId) }, overIds, heardAtMs };
    // What has to go has gone when the new one is told.
    this.#keep(siteId, site);
    this.#onCapture(capture);
    return site;
  }

  /** Behind all others, so that the first is the one that was heard least recently. */
  #keep(siteId: string, site: Site): void {
    this.#sites.delete(siteId);
    this.#sites.set(siteId, site);
    for (const [oldest, { stream }] of this.#sites) {
      if (this.#sites.size <= SITES_MAX) break;
      stream.capture.queue.end();
      this.#sites.delete(oldest);
    }
  }
}

function withLast(ids: readonly string[], id: string): readonly string[] {
  return [...ids, id].slice(-OVER_IDS_MAX);
}
