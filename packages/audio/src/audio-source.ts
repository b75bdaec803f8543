import type { AudioFrame } from "./frame.ts";

/**
 * Where sound comes from. Providers stand in `sources/`, and pass `describeAudioSource`.
 *
 * 1. One iteration is one capture: all its frames bear one `captureId`, and `sample` counts from the capture's beginning. A device and
 *    a file begin a new capture, at 0, with each call of `frames`; who joins one that runs already (`fanout`, `mqtt`) begins where it
 *    is, and ends with it.
 * 2. Frames are 320 samples, in order; only the last may be shorter. What was lost on the way shows as a jump of `sample`, never as
 *    wrong numbers.
 * 3. Whoever reads slowly loses the oldest frames, which is such a jump, and never the memory: at most 256 frames wait.
 * 4. The iteration ends when the capture is at its end, throws an `AudioSourceError` when it broke or could not be opened, and
 *    releases everything (device, process, socket) when it is left or `signal` aborts, which ends it without an error.
 */
export interface AudioSource {
  /** As settings and `stt/state` name it: `device`, `wav`, `mqtt`, `fanout`. */
  readonly name: string;
  /** What it is, for people: the device, the file. */
  readonly label: string;
  frames(signal: AbortSignal): AsyncIterable<AudioFrame>;
}
