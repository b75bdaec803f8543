/**
 * How far a loudspeaker is with what it has been sent: it plays in real time what has come, waits when nothing has, and is at its
 * end when the last sample has sounded. Pure: time is an argument.
 */
import { msOfSamples, samplesOfMs } from "../frame.ts";

/** One sentence at a loudspeaker. */
export interface Playout {
  readonly receivedSamples: number;
  /** Nothing more comes. */
  readonly isComplete: boolean;
  /** What had sounded at `atMs`. */
  readonly playedMs: number;
  readonly atMs: number;
}

/** Nothing has come yet. */
export function beginPlayout(atMs: number): Playout {
  return { receivedSamples: 0, isComplete: false, playedMs: 0, atMs };
}

/** Time has passed: what was there has sounded. */
export function advance(playout: Playout, atMs: number): Playout {
  const playedMs = Math.min(msOfSamples(playout.receivedSamples), playout.playedMs + (atMs - playout.atMs));
  return { ...playout, playedMs, atMs };
}

/** More has come; `isLast`: nothing follows. */
export function receive(
  playout: Playout,
  { sampleCount, isLast, atMs }: { readonly sampleCount: number; readonly isLast: boolean; readonly atMs: number },
): Playout {
  const advanced = advance(playout, atMs);
  return {
    ...advanced,
    receivedSamples: advanced.receivedSamples + sampleCount,
    isComplete: advanced.isComplete || isLast,
  };
}

/** What has not sounded yet never will. */
export function cut(playout: Playout, atMs: number): Playout {
  const advanced = advance(playout, atMs);
  return { ...advanced, receivedSamples: samplesOfMs(advanced.playedMs), isComplete: true };
}

/** The last sample has sounded. */
export function hasEnded({ isComplete, playedMs, receivedSamples }: Playout): boolean {
  return isComplete && playedMs >= msOfSamples(receivedSamples);
}
