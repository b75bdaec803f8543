/**
 * How much of a sound has sounded. Pure: time is an argument.
 *
 * - `clock`: what is handed over sounds in real time, `latencyMs` after it began (again).
 * - `reports`: what the loudspeaker says, carried on by the clock while it moves; `latencyMs` is guessed until it says something.
 * - `at_once`: it is only written down.
 *
 * Never more than was handed over, and never backwards.
 */
import { msOfSamples, samplesOfMs } from "../frame.ts";

/** How it is known what has sounded. */
export interface Timing {
  readonly by: "clock" | "reports" | "at_once";
  readonly latencyMs: number;
}

/** What is known of a sound on its way. */
export interface Playhead {
  readonly timing: Timing;
  readonly fedSamples: number;
  /** `sample` sounds at `atMs`; what follows in real time, if it moves. */
  readonly line: { readonly sample: number; readonly atMs: number; readonly isMoving: boolean };
  /** What was told before, which is not taken back. */
  readonly toldSamples: number;
  readonly reportedSamples: number;
  /** When it was last known to go on. */
  readonly newsAtMs: number;
}

/** Nothing has been handed over. */
export function beginPlayhead(timing: Timing, atMs: number): Playhead {
  const line = { sample: 0, atMs, isMoving: false };
  return { timing, fedSamples: 0, line, toldSamples: 0, reportedSamples: 0, newsAtMs: atMs };
}

/** How many samples have sounded. */
export function soundedSamples({ timing, fedSamples, line, toldSamples }: Playhead, atMs: number): number {
  if (timing.by === "at_once") return fedSamples;
  const elapsedMs = line.isMoving ? Math.max(0, atMs - line.atMs) : 0;
  return Math.max(toldSamples, Math.min(fedSamples, line.sample + samplesOfMs(elapsedMs)));
}

/** Whether the first sample has begun to sound. */
export function hasBegun(head: Playhead, atMs: number): boolean {
  const { timing, fedSamples, line } = head;
  if (fedSamples === 0) return false;
  return timing.by === "at_once" || (line.isMoving && atMs >= line.atMs) || soundedSamples(head, atMs) > 0;
}

/** So many samples have been handed over. */
export function fed(head: Playhead, sampleCount: number, atMs: number): Playhead {
  const toldSamples = soundedSamples(head, atMs);
  const next = { ...head, toldSamples, fedSamples: head.fedSamples + sampleCount };
  if (toldSamples < head.fedSamples) return next;
  // It had run dry. By reports nothing moves until the loudspeaker says so.
  const isMoving = head.timing.by !== "reports";
  const line = { sample: head.fedSamples, atMs: atMs + (isMoving ? head.timing.latencyMs : 0), isMoving };
  return { ...next, line, newsAtMs: atMs };
}

/** The loudspeaker says how much has sounded. It moves when that is more than it said last. */
export function reported(head: Playhead, sample: number, atMs: number): Playhead {
  const isMoving = sample > head.reportedSamples;
  return {
    ...head,
    toldSamples: soundedSamples(head, atMs),
    line: { sample, atMs, isMoving },
    reportedSamples: sample,
    newsAtMs: isMoving ? atMs : head.newsAtMs,
  };
}

/** The loudspeaker says that it begins, or goes on, to sound. */
export function moved(head: Playhead, atMs: number): Playhead {
  const toldSamples = soundedSamples(head, atMs);
  return { ...head, toldSamples, line: { sample: toldSamples, atMs, isMoving: true }, newsAtMs: atMs };
}

/** Nothing was to be heard of it for a while, and that was no fault. */
export function excused(head: Playhead, atMs: number): Playhead {
  return { ...head, newsAtMs: atMs };
}

/** What has not sounded yet never will. */
export function stopped(head: Playhead, atMs: number): Playhead {
  const sample = soundedSamples(head, atMs);
  return { ...head, fedSamples: sample, toldSamples: sample, line: { sample, atMs, isMoving: false } };
}

/** For how long it has not been known to go on; by the clock it goes on until all has sounded. */
export function quietMs(head: Playhead, atMs: number): number {
  const { timing, line, fedSamples, newsAtMs } = head;
  const lastMs = timing.by === "clock" ? line.atMs + msOfSamples(fedSamples - line.sample) : newsAtMs;
  return Math.max(0, atMs - Math.max(lastMs, newsAtMs));
}

/** When the sample that is handed over next will sound. */
export function soundsAtMs(head: Playhead, atMs: number): number {
  const { timing, fedSamples, line } = head;
  const waitingSamples = fedSamples - soundedSamples(head, atMs);
  if (line.isMoving && waitingSamples > 0) return line.atMs + msOfSamples(fedSamples - line.sample);
  return atMs + timing.latencyMs + msOfSamples(waitingSamples);
}
