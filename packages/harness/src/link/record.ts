import type { Packet } from "mqtt-packet";

/** `up` is from the client to the broker. */
export type Direction = "up" | "down";

/** One MQTT packet as it came to the link, and what became of it. Objects stay the same; the last fields change. */
export interface LinkPacket {
  /** Counts all records of the link, from 0, in the order of arrival. */
  readonly index: number;
  /** `performance.now()` when its last byte arrived. */
  readonly atMs: number;
  /** Counts from 1. */
  readonly connection: number;
  readonly direction: Direction;
  /**
   * `packet`: complete and understood · `malformed`: complete, but no valid MQTT · `partial`: its sender stopped, or the
   * link was cut, in the middle of it.
   */
  readonly kind: "packet" | "malformed" | "partial";
  /** Set when `kind` is `packet`. */
  readonly packet: Packet | undefined;
  /** Exactly as received. */
  readonly bytes: Uint8Array;
  /** What an interceptor made of it. */
  readonly verdict: "forward" | "drop" | "replace";
  /** How many bytes go on for it: its own, those of its replacement, or none. */
  readonly sentBytes: number;
  /** How many of these the receiving socket has taken. */
  readonly forwardedBytes: number;
  /** Whether the receiving socket has taken all of it; false for good once its connection is closed. */
  readonly forwarded: boolean;
  /** `performance.now()` when the receiving socket had taken all of it. */
  readonly forwardedAtMs: number | undefined;
}

/** The link's own, writable view. */
export type Draft<T> = { -readonly [Key in keyof T]: T[Key] };

/** One TCP connection through the link. */
export interface LinkConnection {
  /** Counts from 1. */
  readonly id: number;
  /** `performance.now()`. */
  readonly openedAtMs: number;
  readonly closedAtMs: number | undefined;
  /** Who ended it first. `target`: the broker could not be reached. */
  readonly closedBy: "client" | "broker" | "link" | "target" | undefined;
  /** Of its CONNECT. */
  readonly clientId: string | undefined;
  /** Of its CONNECT: 4 is MQTT 3.1.1. */
  readonly protocolVersion: number | undefined;
  /** It speaks something else than plain MQTT (TLS, WebSocket): its bytes pass, its packets are not recorded. */
  readonly isOpaque: boolean;
  /** Swallowed since `halfOpen`, and for good. */
  readonly isHalfOpen: boolean;
  /** Bytes that came to the link, and bytes that the other side's socket has taken. */
  readonly up: ByteCount;
  readonly down: ByteCount;
}

/** Of one direction. */
export interface ByteCount {
  readonly receivedBytes: number;
  readonly forwardedBytes: number;
}
