/**
 * How loud the room is when nobody speaks, from levels of 20 ms frames in dB below full scale. Pure.
 *
 * 1. It is usable from the first frame on: it begins at a quiet room and is never calibrated.
 * 2. Down it goes quickly (a single lost frame must not carry it far), up only to the quietest moment of the last 1.6 s: people
 *    pause between words, a fan does not.
 * 3. What stays within 6 dB for 400 ms is the room and not a person, and is taken at once.
 * 4. It stays within bounds: digital silence makes no dust audible, a loud room no shout inaudible.
 */
export interface NoiseFloor {
  readonly floorDb: number;
  /** The newest levels, the newest last. */
  readonly recent: readonly number[];
  /** The quietest moments of the last spans of 200 ms, the newest last. */
  readonly spans: readonly number[];
  /** Counts the frames of the span that is being filled. */
  readonly spanFrameCount: number;
}

const SPAN_FRAMES = 10;
const SPAN_COUNT = 8;
const STEADY_FRAMES = 20;
const STEADY_DB = 6;
const FALL_DB = 3;

const LOWEST_DB = -75;
const HIGHEST_DB = -20;

/** A quiet room, until the first frames tell more. */
export const QUIET_ROOM: NoiseFloor = Object.freeze({ floorDb: -60, recent: [], spans: [], spanFrameCount: 0 });

/** Takes in the level of the next frame. */
export function follow(room: NoiseFloor, levelDb: number): NoiseFloor {
  const recent = [...room.recent, levelDb].slice(-STEADY_FRAMES);
  const isSpanFull = room.spanFrameCount + 1 === SPAN_FRAMES;
  const spans = isSpanFull ? [...room.spans, Math.min(...recent.slice(-SPAN_FRAMES))].slice(-SPAN_COUNT) : room.spans;
  return {
    floorDb: Math.min(HIGHEST_DB, Math.max(LOWEST_DB, nextFloorDb({ ...room, recent, spans }, levelDb))),
    recent,
    spans,
    spanFrameCount: isSpanFull ? 0 : room.spanFrameCount + 1,
  };
}

function nextFloorDb({ floorDb, recent, spans }: NoiseFloor, levelDb: number): number {
  if (levelDb < floorDb) return Math.max(levelDb, floorDb - FALL_DB);
  if (recent.length === STEADY_FRAMES && spread(recent) <= STEADY_DB) return Math.min(...recent);
  return spans.length === SPAN_COUNT ? Math.max(floorDb, Math.min(...spans)) : floorDb;
}

function spread(levels: readonly number[]): number {
  return Math.max(...levels) - Math.min(...levels);
}
