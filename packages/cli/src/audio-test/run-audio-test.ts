import {
  type AudioSink,
  type AudioSource,
  FRAME_MS,
  joinPcm,
  judgeLoop,
  type LoopVerdict,
  levelOf,
  makeChirp,
  makeTone,
  msOfSamples,
} from "@ts-tars/audio";
import { judgeLevel, type LevelVerdict } from "./level-verdict.ts";

/** The two devices, and who is told what goes on. */
export interface AudioTestParts {
  readonly source: AudioSource;
  readonly sink: AudioSink;
  readonly say: (line: string) => void;
  /** The level of the last frames, dB below full scale, a few times a second. */
  readonly onLevel: (levelDb: number) => void;
  readonly stop: AbortSignal;
}

/** What was found. */
export interface AudioTestResult {
  readonly level: LevelVerdict;
  readonly loop: LoopVerdict;
}

const LEVEL_MS = 4_000;
const TONE_MS = 700;
const TONE_HZ = 440;
/** Two devices and the air between them are slower than this only when something is wrong. */
const LOOP_MS = 2_500;
const LEVEL_EVERY_FRAMES = 200 / FRAME_MS;
const SOUND_ID = "0".repeat(32);

/**
 * Shows the microphone's level while somebody speaks, plays a tone, then a sweep that the microphone should hear.
 *
 * @throws {AudioSourceError} @throws {AudioSinkError} when one of the devices cannot be used.
 */
export async function runAudioTest(parts: AudioTestParts): Promise<AudioTestResult> {
  const { source, say } = parts;
  say(`Microphone: ${source.label}. Say something for ${LEVEL_MS / 1_000} seconds.`);
  const level = judgeLevel(await record(parts, { durationMs: LEVEL_MS }));
  say(`Loudspeaker: ${parts.sink.name}. You should hear a tone.`);
  await play(parts, makeTone(TONE_HZ, TONE_MS));
  say("Loop: a short sweep, which the microphone should hear.");
  const chirp = makeChirp();
  const recording = await record(parts, { durationMs: LOOP_MS, playing: chirp });
  return { level, loop: judgeLoop(chirp, recording) };
}

interface Recording {
  readonly durationMs: number;
  /** Played from the first frame on; what is returned begins there. */
  readonly playing?: Int16Array;
}

async function record(parts: AudioTestParts, { durationMs, playing }: Recording): Promise<Int16Array> {
  const ended = new AbortController();
  const frames: Int16Array[] = [];
  let sounding = Promise.resolve();
  for await (const { pcm } of parts.source.frames(AbortSignal.any([parts.stop, ended.signal]))) {
    // A device that is open: what sounds from here on is in the recording.
    if (frames.length === 0 && playing !== undefined) {
      sounding = play(parts, playing);
      // It may break while frames are awaited; told below, to whoever waits for both.
      sounding.catch(() => ended.abort());
    }
    frames.push(pcm);
    if (frames.length % LEVEL_EVERY_FRAMES === 0) parts.onLevel(levelOf(pcm).rmsDbfs);
    if (msOfSamples(frames.length * pcm.length) >= durationMs) ended.abort();
  }
  await sounding;
  return joinPcm(frames);
}

async function play({ sink, stop }: AudioTestParts, pcm: Int16Array): Promise<void> {
  async function* chunks(): AsyncGenerator<Int16Array> {
    yield pcm;
  }
  const sound = { expectedMs: msOfSamples(pcm.length), pcm: chunks() };
  await sink.play(sound, { sayId: SOUND_ID, signal: stop, onStart: () => undefined });
}
