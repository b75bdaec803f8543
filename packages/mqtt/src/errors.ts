import type { Undelivered } from "./api.ts";
import { describeRefusal, hex } from "./connack-refusal.ts";
import { MqttError } from "./mqtt-error.ts";

export { MqttError } from "./mqtt-error.ts";
export { NotStoredError, StateDirectoryTakenError } from "./state-errors.ts";

/** One thing that is wrong with a message. */
export interface Problem {
  /** Where inside `data`, names and indexes joined by dots; empty for the whole of it. */
  readonly path: string;
  readonly reason: string;
}

/** Whether a message that will not be confirmed may nevertheless have reached the broker. */
export type Sent = "no" | "maybe";

/** What was to be sent breaks its topic's contract; nothing was sent. */
export class ContractViolationError extends MqttError {
  static {
    ContractViolationError.prototype.name = "ContractViolationError";
  }
  readonly code = "MQTT_CONTRACT_VIOLATION";
  readonly retryable = false;
  readonly topic: string;
  readonly problems: readonly Problem[];

  constructor(options: { readonly topic: string; readonly problems: readonly Problem[]; readonly cause?: unknown }) {
    super(
      `The message for ${options.topic} breaks its contract: ${describeProblems(options.problems)}. Correct the data; nothing was sent.`,
      causeOf(options),
    );
    this.topic = options.topic;
    this.problems = options.problems;
  }
}

/** The outbox is at its bound of messages or bytes; nothing was queued. */
export class OutboxFullError extends MqttError {
  static {
    OutboxFullError.prototype.name = "OutboxFullError";
  }
  readonly code = "MQTT_OUTBOX_FULL";
  readonly retryable = true;
  readonly topic: string;
  /** What waits, when this was thrown. */
  readonly messages: number;
  readonly bytes: number;

  constructor(options: { readonly topic: string; readonly messages: number; readonly bytes: number }) {
    super(
      `The outbox is full (${options.messages} messages, ${options.bytes} bytes wait), so the message for ${options.topic} was not queued. ` +
        "Wait with room() before publishing more, or raise the outbox's bounds.",
    );
    this.topic = options.topic;
    this.messages = options.messages;
    this.bytes = options.bytes;
  }
}

/** The encoded message is larger than this client or the broker allows. */
export class PayloadTooLargeError extends MqttError {
  static {
    PayloadTooLargeError.prototype.name = "PayloadTooLargeError";
  }
  readonly code = "MQTT_PAYLOAD_TOO_LARGE";
  readonly retryable = false;
  readonly topic: string;
  readonly bytes: number;
  readonly maxBytes: number;

  constructor(options: { readonly topic: string; readonly bytes: number; readonly maxBytes: number }) {
    super(
      `The message for ${options.topic} has ${options.bytes} bytes, at most ${options.maxBytes} are allowed. ` +
        "Send less, or raise maxPayloadBytes here and at the broker.",
    );
    this.topic = options.topic;
    this.bytes = options.bytes;
    this.maxBytes = options.maxBytes;
  }
}

/** The client has been closed, by `close()` or by a fatal refusal; it cannot be used again. */
export class ClientClosedError extends MqttError {
  static {
    ClientClosedError.prototype.name = "ClientClosedError";
  }
  readonly code = "MQTT_CLIENT_CLOSED";
  readonly retryable = false;
  readonly clientId: string;

  constructor(options: { readonly clientId: string; readonly cause?: unknown }) {
    super(`The client ${options.clientId} is closed. Make a new one with connect().`, causeOf(options));
    this.clientId = options.clientId;
  }
}

/** Another connection uses the same client id, and the broker lets only one of them live. */
export class ClientIdTakenError extends MqttError {
  static {
    ClientIdTakenError.prototype.name = "ClientIdTakenError";
  }
  readonly code = "MQTT_CLIENT_ID_TAKEN";
  readonly retryable = false;
  readonly clientId: string;

  constructor(options: { readonly clientId: string }) {
    super(
      `Another connection uses the client id ${options.clientId}. Stop the other process, or give one of them another id.`,
    );
    this.clientId = options.clientId;
  }
}

/** The broker, or the check of its certificate, refused the connection in a way that trying again does not mend. */
export class ConnectionRefusedError extends MqttError {
  static {
    ConnectionRefusedError.prototype.name = "ConnectionRefusedError";
  }
  readonly code = "MQTT_CONNECTION_REFUSED";
  readonly retryable = false;
  /** The CONNACK's code in the numbers of `protocol`; undefined when TLS failed before it. */
  readonly reasonCode: number | undefined;
  readonly protocol: "5" | "3.1.1";
  /** Without the password. */
  readonly url: string;

  constructor(options: {
    readonly reasonCode?: number | undefined;
    readonly protocol: "5" | "3.1.1";
    readonly url: string;
    readonly cause?: unknown;
  }) {
    super(`${options.url} refused the connection: ${describeRefusal(options)}.`, causeOf(options));
    this.reasonCode = options.reasonCode;
    this.protocol = options.protocol;
    this.url = options.url;
  }
}

/** The broker does not let this client subscribe to the filter. */
export class SubscriptionRefusedError extends MqttError {
  static {
    SubscriptionRefusedError.prototype.name = "SubscriptionRefusedError";
  }
  readonly code = "MQTT_SUBSCRIPTION_REFUSED";
  readonly retryable = false;
  readonly filter: string;
  /** The SUBACK's code. */
  readonly reasonCode: number;

  constructor(options: { readonly filter: string; readonly reasonCode: number }) {
    super(
      `The broker refused the subscription to ${options.filter} (${hex(options.reasonCode)}). ` +
        "Give this user read access to the filter in the broker's access list.",
    );
    this.filter = options.filter;
    this.reasonCode = options.reasonCode;
  }
}

/** Why a message was not confirmed: what `onUndelivered` reports, or the caller's own deadline passed. */
export type UndeliveredReason = Undelivered["reason"] | "timeout";

/** The broker has not confirmed the message, and will not. */
export class UndeliveredError extends MqttError {
  static {
    UndeliveredError.prototype.name = "UndeliveredError";
  }
  readonly code = "MQTT_UNDELIVERED";
  readonly retryable: boolean;
  readonly topic: string;
  /** The envelope's id. */
  readonly id: string;
  readonly reason: UndeliveredReason;
  /** The PUBACK's code when `reason` is `refused`. */
  readonly reasonCode: number | undefined;
  readonly sent: Sent;

  constructor(options: {
    readonly topic: string;
    readonly id: string;
    readonly reason: UndeliveredReason;
    readonly reasonCode?: number | undefined;
    readonly sent: Sent;
  }) {
    const code = options.reasonCode === undefined ? "" : ` (${hex(options.reasonCode)})`;
    super(
      `The message ${options.id} for ${options.topic} was not confirmed: ${options.reason}${code}. ` +
        (options.sent === "no"
          ? "It was never sent."
          : "It may have reached the broker; sending it again may repeat it."),
    );
    this.topic = options.topic;
    this.id = options.id;
    this.reason = options.reason;
    this.reasonCode = options.reasonCode;
    this.sent = options.sent;
    this.retryable = options.reason === "timeout" || options.reason === "expired";
  }
}

/** Nobody answered the request in time. */
export class RequestTimeoutError extends MqttError {
  static {
    RequestTimeoutError.prototype.name = "RequestTimeoutError";
  }
  readonly code = "MQTT_REQUEST_TIMEOUT";
  readonly retryable = true;
  readonly topic: string;
  readonly timeoutMs: number;
  readonly sent: Sent;

  constructor(options: { readonly topic: string; readonly timeoutMs: number; readonly sent: Sent }) {
    super(
      `No answer to ${options.topic} within ${options.timeoutMs} ms. ` +
        (options.sent === "no"
          ? "The request was never sent: check the connection to the broker."
          : "Check that a service answering it runs; it may still act on the request."),
    );
    this.topic = options.topic;
    this.timeoutMs = options.timeoutMs;
    this.sent = options.sent;
  }
}

/** The service that answered reported a failure; the message is the one it sent. */
export class RemoteError extends MqttError {
  static {
    RemoteError.prototype.name = "RemoteError";
  }
  readonly code = "MQTT_REMOTE";
  readonly retryable = false;
  readonly topic: string;
  /** The `code` of the reply's `error`. */
  readonly remoteCode: string;

  constructor(options: { readonly topic: string; readonly remoteCode: string; readonly message: string }) {
    super(`The service answering ${options.topic} reported ${options.remoteCode}: ${options.message}`);
    this.topic = options.topic;
    this.remoteCode = options.remoteCode;
  }
}

/** A connection broke, or an attempt to make one failed; the client tries again by itself. */
export class LinkError extends MqttError {
  static {
    LinkError.prototype.name = "LinkError";
  }
  readonly code = "MQTT_LINK";
  readonly retryable = true;

  /** `what` is a sentence's beginning that names the address, such as `The connection to mqtt://hub:1883 was lost`. */
  constructor(options: { readonly what: string; readonly cause?: unknown }) {
    super(
      options.cause instanceof Error ? `${options.what}: ${options.cause.message}` : options.what,
      causeOf(options),
    );
  }
}

/** The configuration cannot be used; every problem is listed, by the full names of the variables or options. */
export class ConfigurationError extends MqttError {
  static {
    ConfigurationError.prototype.name = "ConfigurationError";
  }
  readonly code = "MQTT_CONFIGURATION";
  readonly retryable = false;
  readonly problems: readonly string[];

  constructor(options: { readonly problems: readonly string[] }) {
    super(`The MQTT configuration cannot be used:\n${options.problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.problems = options.problems;
  }
}

function causeOf(options: { readonly cause?: unknown }): ErrorOptions {
  return options.cause === undefined ? {} : { cause: options.cause };
}

function describeProblems(problems: readonly Problem[]): string {
  return problems.map(({ path, reason }) => `${path === "" ? "data" : path}: ${reason}`).join("; ");
}
