/** The root of everything this package throws or rejects with, misuse (`TypeError`) and aborts excepted. */
export abstract class MqttError extends Error {
  /** Stable across releases; listed in docs/errors.md. */
  abstract readonly code: `MQTT_${string}`;
  /** The same call may succeed later without any change by the caller. */
  abstract readonly retryable: boolean;
}
