/** WAV files of any common kind as the robot's own sound. Pure. */
import { WavError } from "../errors.ts";
import { RATE_HZ } from "../frame.ts";
import { Resampler } from "../pcm/resampler.ts";
import { bytesOfSample, monoOf, type SampleFormat } from "../pcm/sample-format.ts";
import { CONVERT_IT } from "./convert-command.ts";
import { readWavChunks } from "./wav-chunks.ts";
import { readWavFormat } from "./wav-format.ts";

/** The sound of a WAV file, and what stands in the file. */
export interface WavSound {
  /** Of the file; its sound is given at 16 000 Hz. */
  readonly rateHz: number;
  /** Of the file; its sound is given as their mean. */
  readonly channelCount: number;
  readonly format: SampleFormat;
  readonly durationMs: number;
  /** The file announces more sound than it holds. */
  readonly isTruncated: boolean;
  /** Samples at 16 000 Hz. */
  readonly sampleCount: number;
  /** The sound from its beginning, in pieces of at most 100 ms, each made when it is asked for. */
  pieces(): Generator<Int16Array, void, undefined>;
}

const PIECES_PER_SEC = 10;

/**
 * Reads PCM of 8, 16, 24 and 32 bits and floats of 32 and 64, any rate, 1 to 8 channels; other chunks are skipped, and a length that
 * was never filled in means "to the end". The bytes are kept and must not change.
 *
 * @throws {WavError} which says what the file is instead, and what to do.
 */
export function openWav(bytes: Uint8Array): WavSound {
  const { format: description, data, missingBytes } = readWavChunks(bytes);
  const wav = readWavFormat(description);
  const { rateHz, channelCount, format } = wav;
  const frameBytes = bytesOfSample(format) * channelCount;
  const frameCount = Math.floor(data.length / frameBytes);
  if (frameCount === 0)
    throw new WavError("The WAV file holds no sound: it has no samples.", { remedy: "Record it again." });
  // Told now and not in the middle of playing.
  openResampler(rateHz);
  return {
    ...wav,
    durationMs: (frameCount / rateHz) * 1_000,
    isTruncated: missingBytes > 0,
    sampleCount: Math.ceil((frameCount * RATE_HZ) / rateHz),
    pieces: function* () {
      const resampler = openResampler(rateHz);
      const pieceBytes = Math.ceil(rateHz / PIECES_PER_SEC) * frameBytes;
      for (let at = 0; at < frameCount * frameBytes; at += pieceBytes) {
        yield resampler.push(monoOf(data.subarray(at, at + pieceBytes), { format, channelCount }));
      }
      yield resampler.flush();
    },
  };
}

function openResampler(fromHz: number): Resampler {
  try {
    return new Resampler({ fromHz, toHz: RATE_HZ });
  } catch (cause) {
    throw new WavError(`The WAV file has a sample rate of ${fromHz} Hz, which is not read.`, {
      remedy: CONVERT_IT,
      cause,
    });
  }
}
