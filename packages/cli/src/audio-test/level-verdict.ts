/** What a microphone's level says about it. */
import { FRAME_SAMPLES, levelOf, SILENCE_DBFS } from "@ts-tars/audio";

/** What was heard in a few seconds, and the one thing to do when it is not as it should be. */
export interface LevelVerdict {
  readonly kind: "good" | "silent" | "quiet" | "clipping";
  /** Of the loudest frame of 20 ms, dB below full scale. */
  readonly peakDb: number;
  readonly remedy: string | undefined;
}

/** No microphone is quieter in a room; a muted or wrong input is digital silence or its converter's own noise. */
const SILENT_DB = -80;
/** Speech at an arm's length lies around −30 dB. */
const QUIET_DB = -50;
/** Samples at full scale in this share of the frames are no accident. */
const CLIPPED_FRAMES_RATIO = 0.01;
const FULL_SCALE = 32_767;

const REMEDIES = {
  good: undefined,
  silent:
    "Nothing at all is heard: is it the right input, and is it not muted? See: arecord -l, pavucontrol, alsamixer.",
  quiet: "It is very quiet: speak louder, come closer, or raise the input's gain (alsamixer, pavucontrol).",
  clipping: "It is too loud and is cut off: lower the input's gain (alsamixer, pavucontrol).",
} as const;

/** Judges some seconds of a microphone in which somebody spoke. */
export function judgeLevel(pcm: Int16Array): LevelVerdict {
  const frameCount = Math.floor(pcm.length / FRAME_SAMPLES);
  const frames = Array.from({ length: frameCount }, (_, at) =>
    pcm.subarray(at * FRAME_SAMPLES, (at + 1) * FRAME_SAMPLES),
  );
  const peakDb = Math.max(SILENCE_DBFS, ...frames.map((frame) => levelOf(frame).rmsDbfs));
  const clippedCount = frames.filter((frame) => frame.some((sample) => Math.abs(sample) >= FULL_SCALE)).length;
  const kind = kindOf(peakDb, frameCount === 0 ? 0 : clippedCount / frameCount);
  return { kind, peakDb, remedy: REMEDIES[kind] };
}

function kindOf(peakDb: number, clippedRatio: number): LevelVerdict["kind"] {
  if (clippedRatio > CLIPPED_FRAMES_RATIO) return "clipping";
  if (peakDb < SILENT_DB) return "silent";
  return peakDb < QUIET_DB ? "quiet" : "good";
}

const BAR_CHARS = 40;

/** A level as a bar for a terminal: −60 dB is empty, 0 dB is full. */
export function levelBar(levelDb: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, (levelDb + 60) / 60)) * BAR_CHARS);
  return `${"█".repeat(filled)}${"·".repeat(BAR_CHARS - filled)} ${levelDb.toFixed(0)} dB`;
}
