import { EngineError } from "@ts-tars/audio";

/** The sentence asks for what the engine does not have: that is told of the sentence, and is no fault of the engine. */
export class UnknownVoiceError extends EngineError {
  static {
    UnknownVoiceError.prototype.name = "UnknownVoiceError";
  }
}
