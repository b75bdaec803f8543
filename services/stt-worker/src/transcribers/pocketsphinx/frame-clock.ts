/**
 * When in the sound a searched frame was. Pure.
 *
 * The recogniser leaves silence out and counts on: its frame numbers are no times. So what it searched of each piece of sound is
 * remembered; what comes in a burst is the sound that led up to it.
 */
export interface FrameClock {
  readonly heardMs: number;
  readonly searchedCount: number;
  readonly marks: readonly Mark[];
}

/** Up to frame `searchedCount` the sound had been heard until `heardMs`. */
interface Mark {
  readonly heardMs: number;
  readonly searchedCount: number;
}

export const FRAME_CLOCK_START: FrameClock = Object.freeze({ heardMs: 0, searchedCount: 0, marks: [] });

const FRAME_MS = 10;
/** The recogniser looks so far ahead before it searches a frame. */
const LOOKAHEAD_MS = 40;

/** So much more sound was given, and so many more frames were searched. */
export function advance(clock: FrameClock, soundMs: number, frameCount: number): FrameClock {
  const heardMs = clock.heardMs + soundMs;
  if (frameCount <= 0) return { ...clock, heardMs };
  const searchedCount = clock.searchedCount + frameCount;
  const last = clock.marks.at(-1);
  const offsetMs = heardMs - searchedCount * FRAME_MS;
  // Steady flow needs no mark of its own.
  const isSteady =
    last !== undefined && Math.abs(offsetMs - (last.heardMs - last.searchedCount * FRAME_MS)) <= FRAME_MS;
  const marks = isSteady ? clock.marks.slice(0, -1) : clock.marks;
  return { heardMs, searchedCount, marks: [...marks, { heardMs, searchedCount }] };
}

/** The beginning of a searched frame, in ms since the first sound. */
export function msOfFrame({ marks }: FrameClock, frame: number): number {
  const mark = marks.find(({ searchedCount }) => searchedCount > frame) ?? marks.at(-1);
  if (mark === undefined) return 0;
  return Math.max(0, mark.heardMs - LOOKAHEAD_MS - (mark.searchedCount - frame) * FRAME_MS);
}
