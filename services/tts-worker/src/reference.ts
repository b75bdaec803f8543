import { type Fanout, mintCaptureId, openFanout, type Tap } from "@ts-tars/audio";
import type { Log } from "@ts-tars/mqtt";
import type { Clock } from "@ts-tars/service";
import { BEFORE_ALL, placeOf, type ReferenceLine } from "./reference-line.ts";

export interface ReferenceOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** What this machine's loudspeaker plays, for whoever cancels its echo: fan-out v2 at a socket. */
export interface Reference extends AsyncDisposable {
  readonly tap: Tap;
}

/**
 * One capture as long as it is open. A sample's number is the moment at which it sounds, counted from the opening on the sink's
 * clock; silence is not sent, and shows as a jump. Volume and mute are applied.
 *
 * @throws {AudioSinkError} when the path cannot be used.
 */
export async function openReference({ path, clock, log }: ReferenceOptions): Promise<Reference> {
  const fanout: Fanout = await openFanout({ path, log });
  const captureId = mintCaptureId();
  const openedAtMs = clock.nowMs();
  let line: ReferenceLine = BEFORE_ALL;
  return {
    tap: (pcm, soundsAtMs) => {
      const [sample, next] = placeOf(line, { sampleCount: pcm.length, soundsAtMs: soundsAtMs - openedAtMs });
      line = next;
      if (pcm.some((value) => value !== 0)) fanout.push({ captureId, sample, pcm });
    },
    [Symbol.asyncDispose]: () => fanout[Symbol.asyncDispose](),
  };
}
