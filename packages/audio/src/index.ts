export type { AudioSink, PlayOptions, Sound } from "./audio-sink.ts";
export type { AudioSource } from "./audio-source.ts";
export { mintCaptureId } from "./capture-id.ts";
export {
  type EngineHost,
  type EngineHostOptions,
  type EngineState,
  openEngineHost,
} from "./engine-host/engine-host.ts";
export { type Engine, runEngine } from "./engine-host/run-engine.ts";
export * from "./errors.ts";
export { type Fanout, type FanoutFigures, type FanoutOptions, openFanout } from "./fanout/fanout-server.ts";
export { type AudioFrame, FRAME_MS, FRAME_SAMPLES, msOfSamples, RATE_HZ, samplesOfMs } from "./frame.ts";
export { makeChirp, makeTone } from "./loop-test/chirp.ts";
export { correlate, type Match } from "./loop-test/correlate.ts";
export { judgeLoop, type LoopVerdict } from "./loop-test/loop-verdict.ts";
export { Framer } from "./pcm/framer.ts";
export { joinPcm } from "./pcm/join-pcm.ts";
export { type Level, levelOf, SILENCE_DBFS } from "./pcm/level.ts";
export { Resampler, type ResamplerRates } from "./pcm/resampler.ts";
export { Ring, type RingReading } from "./pcm/ring.ts";
export { bytesOf, SampleReader, samplesOf } from "./pcm/sample-bytes.ts";
export { findProgram, searchPath } from "./program/find-program.ts";
export { type Program, type ProgramEnd, type ProgramOptions, startProgram } from "./program/program.ts";
export { type ProgramReading, readProgram } from "./program/read-program.ts";
export { earsOpen, type Pace, type SentSound, sendSound } from "./remote/remote-microphone.ts";
export {
  openRemoteSpeaker,
  type RemoteSpeaker,
  type RemoteSpeakerOptions,
  type SpokenSentence,
} from "./remote/remote-speaker.ts";
export { type DeviceOptions, findDevicePlayer, openDeviceSink } from "./sinks/device.ts";
export { type MqttSinkOptions, openMqttSink } from "./sinks/mqtt.ts";
export { openNullSink } from "./sinks/null.ts";
export type { SinkOptions } from "./sinks/paced-sink.ts";
export type { PlayerChoice } from "./sinks/players.ts";
export type { Tap } from "./sinks/playing.ts";
export { openWavSink, type WavSinkOptions } from "./sinks/wav.ts";
export { type DeviceSourceOptions, openDeviceSource } from "./sources/device.ts";
export { type FanoutSourceOptions, openFanoutSource } from "./sources/fanout.ts";
export { findMicrophone, type MicrophoneWish } from "./sources/find-microphone.ts";
export { type CaptureBeginning, type MicFeed, type MicFeedOptions, openMicFeed } from "./sources/mic-feed.ts";
export { openWavSource, type WavSourceOptions } from "./sources/wav.ts";
export { encodeWav } from "./wav/encode-wav.ts";
export { type ParsedWav, parseWav } from "./wav/parse-wav.ts";
