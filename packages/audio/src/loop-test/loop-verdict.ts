/** What a recording says about the way from the loudspeaker to the microphone. Pure. */
import { msOfSamples } from "../frame.ts";
import { correlate } from "./correlate.ts";

/** What was measured, and what it means for a conversation. */
export type LoopVerdict =
  | { readonly kind: "unheard"; readonly likeness: number }
  | {
      readonly kind: "heard";
      readonly likeness: number;
      /** From playing to recording, through both devices and the air. */
      readonly delayMs: number;
      /** Of the loudspeaker's sound in the microphone, dB relative to what was played. */
      readonly echoDb: number;
    };

/** A sweep in noise of its own level still reaches 0.5; two unrelated sounds stay below 0.15. */
const HEARD_LIKENESS = 0.3;

/** `recording` begins when the sound was given to the loudspeaker. */
export function judgeLoop(played: Int16Array, recording: Int16Array): LoopVerdict {
  if (recording.length < played.length) return { kind: "unheard", likeness: 0 };
  const { lagSamples, likeness, gain } = correlate(played, recording);
  if (likeness < HEARD_LIKENESS) return { kind: "unheard", likeness };
  return { kind: "heard", likeness, delayMs: msOfSamples(lagSamples), echoDb: 20 * Math.log10(gain) };
}
