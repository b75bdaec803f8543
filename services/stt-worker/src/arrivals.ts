/**
 * Whose sound counts at a site, and how it arrives. Pure.
 *
 * Sound over the bus takes the place of this machine's own as long as it comes.
 */
import type { AudioFrame } from "@ts-tars/audio";
import { type CapturePace, complaintOf, follow } from "./capture-pace.ts";
import type { SourceKind } from "./grant.ts";

/** Where a frame comes from. */
export interface Provenance {
  readonly source: SourceKind;
  /** Over the bus. */
  readonly isRemote: boolean;
}

/** A remote microphone that is silent for so long is not there any more. */
const REMOTE_MS = 2_000;

export class Arrivals {
  lastAtMs: number;
  #remote: { readonly captureId: string; readonly atMs: number } | undefined;
  #endedCaptureId: string | undefined;
  /** Of a microphone over the bus; files come as fast as they like, and devices are resampled. */
  #pace: CapturePace | undefined;

  constructor(atMs: number) {
    this.lastAtMs = atMs;
  }

  /** What is wrong with the sound that comes, if anything is. */
  get complaint(): string | undefined {
    return complaintOf(this.#pace);
  }

  hearsRemote(atMs: number): boolean {
    return this.remoteUntilMs(atMs) !== undefined;
  }

  /** When the remote microphone that is heard will not be there any more, if nothing more comes of it; undefined: there is none. */
  remoteUntilMs(atMs: number): number | undefined {
    const untilMs = (this.#remote?.atMs ?? Number.NEGATIVE_INFINITY) + REMOTE_MS;
    return untilMs > atMs ? untilMs : undefined;
  }

  /** Whether a frame counts. */
  take({ captureId, sample }: AudioFrame, { source, isRemote }: Provenance, atMs: number): boolean {
    if (!isRemote && this.hearsRemote(atMs)) return false;
    this.lastAtMs = atMs;
    if (captureId === this.#endedCaptureId) this.#endedCaptureId = undefined;
    this.#remote = isRemote ? { captureId, atMs } : undefined;
    this.#pace = isRemote && source === "microphone" ? follow(this.#pace, { captureId, sample, atMs }) : undefined;
    return true;
  }

  /** Nothing more comes of a capture. */
  end(captureId: string): void {
    this.#endedCaptureId = captureId;
    if (this.#remote?.captureId === captureId) this.#remote = undefined;
  }

  hasEnded(captureId: string | undefined): boolean {
    return captureId !== undefined && captureId === this.#endedCaptureId;
  }
}
