export type { AudioSink, PlayOptions, Sound } from "./audio-sink.ts";
export type { AudioSource } from "./audio-source.ts";
export * from "./errors.ts";
export { type AudioFrame, FRAME_MS, FRAME_SAMPLES, msOfSamples, RATE_HZ, samplesOfMs } from "./frame.ts";
export {
  openRemoteSpeaker,
  type RemoteSpeaker,
  type RemoteSpeakerOptions,
  type SpokenSentence,
} from "./remote/remote-speaker.ts";
