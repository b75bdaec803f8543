import type { Undelivered } from "./api.ts";
import type { Compat } from "./contract/encode.ts";
import type { ConcreteTopic } from "./contract/topic.ts";
import type { Hooks } from "./hooks.ts";
import type { Log } from "./log.ts";
import type { StateStore } from "./state-store.ts";

/** User and password of one connection attempt. */
export interface Credentials {
  readonly username?: string;
  readonly password?: string;
}

/** PEM texts and names for TLS; `alpnProtocols` and `servername` pass through to Node's `tls.connect`. */
export interface TlsSettings {
  readonly ca?: string | Uint8Array;
  readonly cert?: string | Uint8Array;
  readonly key?: string | Uint8Array;
  readonly alpnProtocols?: readonly string[];
  readonly servername?: string;
}

/** A message told when a connection is made and what the broker says when it breaks: a birth and a last will. */
export interface PresenceOptions {
  readonly topic: ConcreteTopic;
  /** The value published after each CONNACK and every `refreshMs`; `session` is new for each connection attempt. */
  readonly birth: (session: string) => unknown;
  /** The value the broker publishes when the connection breaks, and `close` publishes itself with `closing: true`. */
  readonly will: (session: string, closing: boolean) => unknown;
  /** Default 15 000 ms. */
  readonly refreshMs?: number;
}

/** Heartbeat on `system/keepalive/{client_id}` as the reference sends it. */
export interface HeartbeatOptions {
  readonly topicPrefix?: string;
  /** Default 5 000 ms, at least 1 000. */
  readonly intervalMs?: number;
}

/** Everything `connect` can be told; only `url` is needed. Durations in ms unless the name says otherwise. */
export interface ConnectOptions {
  /** `mqtt mqtts ws wss`; a list is tried in turn. Environment is never read here: see `configFromEnv`. */
  readonly url: string | readonly string[];
  /** Gives a persistent session; without it a random id and a clean start. */
  readonly clientId?: string;
  /** The envelope's `source`. Default: the client id. */
  readonly source?: string;
  readonly protocol?: "auto" | "5" | "3.1.1";
  /** Asked at each attempt when it is a function; wins over user and password in the URL. */
  readonly credentials?: Credentials | (() => Credentials | Promise<Credentials>);
  readonly tls?: TlsSettings | (() => TlsSettings | Promise<TlsSettings>);
  readonly wsHeaders?: Readonly<Record<string, string>>;
  /** Opens the control link together with the data link. Default: only when a `high` topic is used. */
  readonly control?: boolean;
  /** Default: false with a client id, true without. */
  readonly cleanStart?: boolean;
  /** Seconds the broker keeps the session, default 3 600. */
  readonly sessionExpirySec?: number;
  /** Seconds, default 15. */
  readonly keepaliveSec?: number;
  /** Silence before a PINGREQ, default 5 000 ms. */
  readonly probeAfterMs?: number;
  /** Silence after the PINGREQ before the link is reset, default 5 000 ms. */
  readonly probeTimeoutMs?: number;
  /** TCP, TLS and CONNACK together, default 5 000 ms. */
  readonly attemptTimeoutMs?: number;
  /** Full jitter between 0 and a bound that doubles from min to max; defaults 500 and 5 000 ms. */
  readonly reconnect?: { readonly minDelayMs?: number; readonly maxDelayMs?: number };
  /** Messages the broker may send us unacknowledged (MQTT 5), default 200. */
  readonly receiveMaximum?: number;
  /** Our own unacknowledged messages, default 100 (or the broker's Receive Maximum). */
  readonly sendWindow?: number;
  /** Keys handled at the same time by the whole client, default 64. */
  readonly concurrency?: number;
  readonly outbox?: { readonly maxMessages?: number; readonly maxBytes?: number; readonly maxAgeMs?: number };
  /** `ttlMs: 0` switches duplicate suppression off. Defaults 900 000 ms, 65 536 ids. */
  readonly dedupe?: { readonly ttlMs?: number; readonly maxEntries?: number };
  /** Bytes, default 262 144. */
  readonly maxPayloadBytes?: number;
  /** How long `close` waits for running handlers, default 5 000 ms. */
  readonly drainMs?: number;
  readonly deadLetters?: {
    readonly service?: string;
    readonly prefix?: string;
    readonly max?: number;
    readonly maxAgeMs?: number;
    readonly perSecond?: number;
  };
  /**
   * Where durable messages, and the messages that were being handled, survive a crash: `stateDirectory(path)` of
   * `@ts-tars/mqtt/outbox`, a directory for this client alone. Without it durable topics are kept in memory like any command.
   */
  readonly state?: StateStore;
  readonly presence?: PresenceOptions;
  readonly heartbeat?: HeartbeatOptions;
  readonly onUndelivered?: (undelivered: Undelivered) => void;
  /** What is left out for strict peers of the reference. Default: nothing. */
  readonly compat?: Compat;
  readonly log?: Log;
  readonly hooks?: Hooks;
}
