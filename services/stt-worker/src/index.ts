export { believe } from "./command-check.ts";
export { sttWorkerService } from "./definition.ts";
export { openTranscriber, type TranscriberSettings } from "./open-transcriber.ts";
export type {
  Decoder,
  DecoderFacts,
  DecoderListener,
  Grammar,
  PartialReadings,
  Reading,
  Readings,
  Transcriber,
  Utterance,
} from "./transcriber.ts";
