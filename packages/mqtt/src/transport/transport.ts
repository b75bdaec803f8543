/**
 * The seam between our flow of messages and the MQTT library behind it. One `Transport` is one connection: it is
 * opened once, ends once, and nothing of it outlives that end.
 */

export type ProtocolVersion = "5" | "3.1.1";

/** A PUBLISH as it came in. */
export interface InboundPublish {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1;
  readonly dup: boolean;
  readonly retain: boolean;
  /** 0 for QoS 0. */
  readonly packetId: number;
  /** MQTT 5: seconds left when the broker sent it. */
  readonly expirySec: number | undefined;
  /** MQTT 5: the subscriptions the broker matched. */
  readonly subscriptionIds: readonly number[];
  readonly responseTopic: string | undefined;
  readonly correlationData: Buffer | undefined;
  /** Set when the packet was larger than we hold: the size it had. The payload is only its beginning. */
  readonly cutFromBytes: number | undefined;
}

/** A PUBLISH to be written. */
export interface OutboundPublish {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1;
  readonly dup: boolean;
  readonly retain: boolean;
  readonly packetId: number;
  /** Seconds; MQTT 5 only, left out on 3.1.1. */
  readonly expirySec: number | undefined;
  readonly contentType: string | undefined;
  readonly correlationData: Buffer | undefined;
}

/** What the broker granted. */
export interface Connack {
  readonly sessionPresent: boolean;
  /** How many unacknowledged PUBLISH packets the broker takes; 65 535 when it does not say. */
  readonly receiveMaximum: number;
  /** Bytes of a whole packet; undefined when unlimited. */
  readonly maximumPacketBytes: number | undefined;
  readonly subscriptionIdsAvailable: boolean;
}

/** Why a connection ended. */
export interface Ended {
  readonly error: Error;
  /** CONNACK refused the connection with this code. */
  readonly refusedCode: number | undefined;
  /** The broker's DISCONNECT (MQTT 5). */
  readonly disconnectCode: number | undefined;
  /** The other side (or the network) ended it, not us. */
  readonly byPeer: boolean;
}

/** Everything is called synchronously from the socket's events; nothing after `onEnded`. */
export interface TransportEvents {
  onConnack(connack: Connack): void;
  onPublish(packet: InboundPublish): void;
  onPuback(packetId: number, reasonCode: number): void;
  /** The socket's buffer has emptied after `writableBytes` was over the bound. */
  onDrain(): void;
  onEnded(ended: Ended): void;
}

export interface SubscribeEntry {
  readonly filter: string;
  readonly qos: 0 | 1;
  /** MQTT 5: 0 sends retained messages at each SUBSCRIBE, 2 never. */
  readonly retainHandling: 0 | 2;
  /** MQTT 5, 1…268 435 455. */
  readonly subscriptionId: number | undefined;
}

export interface Transport {
  readonly protocol: ProtocolVersion;
  /** Monotonic time of the last byte from the broker. */
  readonly lastInboundAtMs: number;
  /** Bytes handed to the socket and not yet taken by the system. */
  readonly writableBytes: number;
  /** Writes at the end of the tick, together with whatever else is written in it. */
  publish(packet: OutboundPublish): void;
  puback(packetId: number): void;
  /** Resolves with one SUBACK code per entry; rejects when the connection ends first. */
  subscribe(entries: readonly SubscribeEntry[]): Promise<readonly number[]>;
  unsubscribe(filters: readonly string[]): Promise<void>;
  ping(): void;
  /** Sends what is queued and DISCONNECT, then ends; resolves when the socket is closed, within `withinMs`. */
  disconnect(options: { readonly withinMs: number }): Promise<void>;
  /** Ends at once, without DISCONNECT (the broker publishes the will). */
  destroy(error: Error): void;
}

/** Everything one attempt needs. */
export interface TransportSettings {
  readonly url: {
    readonly protocol: "mqtt" | "mqtts" | "ws" | "wss";
    readonly host: string;
    readonly port: number;
    readonly path: string;
  };
  readonly protocol: ProtocolVersion;
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly tls: import("../options.ts").TlsSettings | undefined;
  readonly wsHeaders: Readonly<Record<string, string>> | undefined;
  readonly cleanStart: boolean;
  readonly sessionExpirySec: number;
  readonly keepaliveSec: number;
  readonly receiveMaximum: number;
  readonly maxInboundFrameBytes: number;
  readonly attemptTimeoutMs: number;
  readonly will: { readonly topic: string; readonly payload: Uint8Array; readonly retain: boolean } | undefined;
}

export type OpenTransport = (settings: TransportSettings, events: TransportEvents) => Transport;
