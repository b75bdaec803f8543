/** What the state directory can be refused for; part of `errors.ts`. Pure. */
import { MqttError } from "./mqtt-error.ts";

/** A durable message could not be written to the state directory, so it was not accepted; nothing was queued. */
export class NotStoredError extends MqttError {
  static {
    NotStoredError.prototype.name = "NotStoredError";
  }
  readonly code = "MQTT_NOT_STORED";
  readonly retryable = true;
  readonly topic: string;
  /** The file that could not be written. */
  readonly path: string;

  constructor(options: { readonly topic: string; readonly path: string; readonly cause: unknown }) {
    const why = options.cause instanceof Error ? options.cause.message : String(options.cause);
    super(
      `The durable message for ${options.topic} could not be stored in ${options.path} (${why}), so it was not accepted. ` +
        "Free some space there or make it writable, and publish it again.",
      options,
    );
    this.topic = options.topic;
    this.path = options.path;
  }
}

/** Another client, of this process or of another one, has the state directory open. */
export class StateDirectoryTakenError extends MqttError {
  static {
    StateDirectoryTakenError.prototype.name = "StateDirectoryTakenError";
  }
  readonly code = "MQTT_STATE_DIRECTORY_TAKEN";
  readonly retryable = true;
  /** The file that is locked. */
  readonly path: string;

  constructor(options: { readonly path: string; readonly cause: unknown }) {
    super(
      `Another client has ${options.path} open. Stop the other process, or give one of them another state directory.`,
      options,
    );
    this.path = options.path;
  }
}
