/**
 * Speech by its level over the room's: hysteresis, and three loud frames of five before anybody is said to speak. Pure.
 *
 * Hum and offsets do not count: what lies under 120 Hz is taken away first, across frame borders.
 */
import { follow, type NoiseFloor, QUIET_ROOM } from "../noise-floor.ts";
import type { Voice, VoiceDetector } from "../voice-detector.ts";

interface Energy {
  readonly room: NoiseFloor;
  readonly isSpeech: boolean;
  /** Whether each of the newest frames was loud, the newest last. */
  readonly loudness: readonly boolean[];
}

/** Over the room's level: to begin, and to go on. */
const ONSET_DB = 9;
const HOLD_DB = 6;
/** Whatever the room: nobody speaks more quietly into a microphone that is of use. */
const QUIETEST_SPEECH_DB = -62;

const LOUD_OF = { needed: 3, last: 5 } as const;

const SILENT_ROOM: Energy = { room: QUIET_ROOM, isSpeech: false, loudness: [] };

/** One pole at 120 Hz for 16 000 Hz: 1 − 2π · 120 / 16 000. */
const POLE = 0.953;

/** A detector for one capture. */
export function energyDetector(): VoiceDetector {
  let energy = SILENT_ROOM;
  let [lastIn, lastOut] = [0, 0];
  const levelDbOf = (pcm: Int16Array): number => {
    let sum = 0;
    for (const sample of pcm) {
      lastOut = POLE * (lastOut + sample - lastIn);
      lastIn = sample;
      sum += lastOut * lastOut;
    }
    return decibels(sum / Math.max(1, pcm.length));
  };
  return {
    name: "energy",
    hear: (pcm): Voice => {
      const levelDb = levelDbOf(pcm);
      energy = hear(energy, levelDb);
      const { isSpeech, loudness, room } = energy;
      return { isSpeech, isLoud: loudness.at(-1) === true, levelDb, floorDb: room.floorDb };
    },
  };
}

function hear({ room, isSpeech, loudness }: Energy, levelDb: number): Energy {
  const overDb = levelDb - room.floorDb;
  const isAudible = levelDb >= QUIETEST_SPEECH_DB;
  const loud = [...loudness, isAudible && overDb >= ONSET_DB].slice(-LOUD_OF.last);
  const isConfirmed = loud.filter(Boolean).length >= LOUD_OF.needed;
  const goesOn = isSpeech && isAudible && overDb >= HOLD_DB;
  return { room: follow(room, levelDb), isSpeech: goesOn || (isConfirmed && loud.at(-1) === true), loudness: loud };
}

/** Of the mean square of 16-bit samples, below full scale; digital silence is −100. */
function decibels(meanSquare: number): number {
  return Math.max(-100, 10 * Math.log10(meanSquare / 32_768 ** 2 + 1e-12));
}
