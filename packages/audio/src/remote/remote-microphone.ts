import { AUDIO_FLAG, audioMic, sttState } from "@ts-tars/contracts";
import type { Client } from "@ts-tars/mqtt";
import { aborted, type Clock, elapsed } from "@ts-tars/service";
import { FRAME_SAMPLES, msOfSamples } from "../frame.ts";

/** Sound that is sent as if it came from the microphone of a site. */
export interface SentSound {
  readonly siteId: string;
  readonly captureId: string;
  /** Int16Array, mono, 16 000 Hz. */
  readonly pcm: Int16Array;
  /** How fast it is sent; 1 is real time. */
  readonly speed: number;
  /** It comes from a file: no microphone is open for it. */
  readonly isFile: boolean;
}

/** The time that sending keeps, and who ends it early. */
export interface Pace {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Sends the sound frame by frame on `audio/{site}/mic`, in its own time, the last frame marked as such. Ends early when aborted. */
export async function sendSound(client: Client, sound: SentSound, { clock, signal }: Pace): Promise<void> {
  const { siteId: site, captureId, pcm, speed, isFile } = sound;
  const topic = audioMic.at({ site });
  const startedAtMs = clock.nowMs();
  for (let position = 0, sequence = 0; !signal.aborted; sequence += 1) {
    const frame = pcm.subarray(position, position + FRAME_SAMPLES);
    const isLast = position + FRAME_SAMPLES >= pcm.length;
    const bytes = new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength);
    const flags = (isFile ? AUDIO_FLAG.file : 0) | (isLast ? AUDIO_FLAG.end : 0);
    client.publish(topic, { sequence, stream_id: captureId, position, flags, bytes });
    if (isLast) return;
    position += FRAME_SAMPLES;
    const dueAtMs = startedAtMs + msOfSamples(position) / speed;
    await elapsed(Math.max(0, dueAtMs - clock.nowMs()), { clock, signal });
  }
}

/** Resolves when stt-worker listens at the site, or when the signal aborts. */
export async function earsOpen(client: Client, siteId: string, signal: AbortSignal): Promise<void> {
  const open = Promise.withResolvers<void>();
  const subscription = client.subscribe(sttState.at({ site: siteId }), ({ data }) => {
    if (data.grant === "open") open.resolve();
  });
  await Promise.race([open.promise, aborted(signal)]);
  await subscription.stop();
}
