import { AudioError, type AudioFrame, openFanout } from "@ts-tars/audio";
import type { Log } from "@ts-tars/mqtt";
import type { Health } from "@ts-tars/service";

/** Where others on this machine hear its microphone; nobody does without a path. */
export interface ShareOptions {
  /** The socket of fan-out v2. */
  readonly path: string | undefined;
  /** The raw socket of the reference. */
  readonly rawPath: string | undefined;
  readonly health: Health;
  readonly log: Log;
}

/** This machine's microphone, shared. */
export interface Share extends AsyncDisposable {
  push(frame: AudioFrame): void;
  /** Nothing is told until another capture begins. */
  endCapture(): void;
  /** Nobody may hear any more, not even what is on its way. */
  silence(): void;
}

/** What is shared with nobody. */
const NOT_SHARED: Share = {
  push: () => undefined,
  endCapture: () => undefined,
  silence: () => undefined,
  [Symbol.asyncDispose]: async () => undefined,
};

/** Opens the sockets; when they cannot be used nobody hears it, and the health says why. */
export async function openShare({ path, rawPath, health, log }: ShareOptions): Promise<Share> {
  if (path === undefined) return NOT_SHARED;
  try {
    return await openFanout({ path, log, ...(rawPath !== undefined && { rawPath }) });
  } catch (error) {
    if (!(error instanceof AudioError)) throw error;
    health.degraded(error.message, error.remedy, "fanout");
    return NOT_SHARED;
  }
}
