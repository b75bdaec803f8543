/** What a caller can decide on when sound goes wrong. */
export abstract class AudioError extends Error {
  /** Stable across releases, listed in `docs/errors.md`. */
  abstract readonly code: `AUDIO_${string}`;
  /** Whether the same call may succeed later without anyone changing anything. */
  abstract readonly retryable: boolean;
  /** The one thing a person can do about it, as a sentence. */
  readonly remedy: string;

  constructor(message: string, { remedy, ...options }: Trouble) {
    super(message, options);
    this.remedy = remedy;
  }
}

/** What is told beside the message. */
export interface Trouble extends ErrorOptions {
  readonly remedy: string;
}

/** A source could not be opened, or broke: no device, no program, no permission, a peer that went away. */
export class AudioSourceError extends AudioError {
  static {
    AudioSourceError.prototype.name = "AudioSourceError";
  }
  readonly code = "AUDIO_SOURCE";
  readonly retryable = true;
}

/** A sink could not be opened, or broke. */
export class AudioSinkError extends AudioError {
  static {
    AudioSinkError.prototype.name = "AudioSinkError";
  }
  readonly code = "AUDIO_SINK";
  readonly retryable = true;
}

/** A file is no WAV file that can be used. */
export class WavError extends AudioError {
  static {
    WavError.prototype.name = "WavError";
  }
  readonly code = "AUDIO_WAV";
  readonly retryable = false;
}

/** An engine in its child process broke, hung, or could not be started. */
export class EngineError extends AudioError {
  static {
    EngineError.prototype.name = "EngineError";
  }
  readonly code = "AUDIO_ENGINE";
  readonly retryable = true;
}

/** An external program is missing, may not be run, or could not be started; `program` is its name. */
export class ProgramError extends AudioError {
  static {
    ProgramError.prototype.name = "ProgramError";
  }
  readonly code = "AUDIO_PROGRAM";
  readonly retryable = true;
  readonly program: string;
  readonly reason: "not_found" | "not_executable" | "failed";

  constructor(message: string, { program, reason, ...trouble }: ProgramTrouble) {
    super(message, trouble);
    this.program = program;
    this.reason = reason;
  }
}

/** What is told of a program that does not run. */
export interface ProgramTrouble extends Trouble {
  readonly program: string;
  readonly reason: ProgramError["reason"];
}
