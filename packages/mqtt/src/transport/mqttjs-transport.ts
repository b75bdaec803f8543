/**
 * MQTT.js behind the tap: the only product file that imports it. It speaks CONNECT, CONNACK, SUBSCRIBE, SUBACK,
 * PINGREQ and DISCONNECT; PUBLISH and PUBACK never pass through it (traps T1–T3, T7, T11, T17).
 */
import { type IClientOptions, type IConnackPacket, MqttClient } from "mqtt";
import { dial, type Line } from "./dial.ts";
import { type FrameRange, packetType } from "./frame-splitter.ts";
import { readPuback, readPublish } from "./read-packets.ts";
import { Tap } from "./tap.ts";
import { TopicMemo } from "./topic-memo.ts";
import type {
  Connack,
  OpenTransport,
  SubscribeEntry,
  Transport,
  TransportEvents,
  TransportSettings,
} from "./transport.ts";
import { writePuback, writePublish } from "./write-packets.ts";

/** PUBLISH uses packet ids up to here, MQTT.js the rest, so that they never meet. */
export const MAX_PUBLISH_PACKET_ID = 60_000;
const MAX_PACKET_ID = 65_535;
const PUBACK = 4;

/** Opens the byte stream of one attempt. */
export type Dial = (settings: TransportSettings) => Line;

/** Starts one connection attempt; the outcome comes through the events. */
export const openTransport: OpenTransport = transportOver(dial);

/** `openTransport` on another kind of byte stream. */
export function transportOver(open: Dial): OpenTransport {
  return (settings, events) => new MqttJsTransport(settings, { events, line: open(settings) });
}

class MqttJsTransport implements Transport {
  readonly protocol;
  lastInboundAtMs = performance.now();
  readonly #events: TransportEvents;
  readonly #tap: Tap;
  readonly #mqtt: MqttClient;
  readonly #attemptTimer: NodeJS.Timeout;
  readonly #topics = new TopicMemo();
  #error: Error | undefined;
  #refusedCode: number | undefined;
  #disconnectCode: number | undefined;
  #endedByUs = false;
  #ended = false;
  readonly #whenEnded = Promise.withResolvers<void>();
  /** Rejects what still waits for an answer of the broker. */
  readonly #unanswered = new Set<() => void>();

  constructor(
    settings: TransportSettings,
    { events, line }: { readonly events: TransportEvents; readonly line: Line },
  ) {
    this.protocol = settings.protocol;
    this.#events = events;
    this.#tap = new Tap(line, {
      maxFrameBytes: settings.maxInboundFrameBytes,
      events: {
        onFrame: (frame) => this.#receive(frame),
        onInbound: () => {
          this.lastInboundAtMs = performance.now();
        },
        onDrain: () => events.onDrain(),
      },
    });
    this.#mqtt = new MqttClient(() => this.#tap, libraryOptions(settings));
    this.#attemptTimer = setTimeout(
      () => this.destroy(new Error(`no CONNACK within ${settings.attemptTimeoutMs} ms`)),
      settings.attemptTimeoutMs,
    );
    this.#listen();
  }

  get writableBytes(): number {
    return this.#tap.waitingBytes;
  }

  publish(packet: Parameters<Transport["publish"]>[0]): void {
    if (this.#tap.destroyed) return;
    writePublish(this.#tap.page, packet, this.protocol);
    this.#tap.flushSoon();
  }

  puback(packetId: number): void {
    if (this.#tap.destroyed) return;
    writePuback(this.#tap.page, packetId);
    this.#tap.flushSoon();
  }

  async subscribe(entries: readonly SubscribeEntry[]): Promise<readonly number[]> {
    const batches = this.protocol === "5" ? byIdentifier(entries) : [entries];
    const codes = await Promise.all(batches.map((batch) => this.#subscribeBatch(batch)));
    const byFilter = new Map(codes.flat());
    return entries.map(({ filter }) => byFilter.get(filter) ?? 0x80);
  }

  #subscribeBatch(entries: readonly SubscribeEntry[]): Promise<[string, number][]> {
    const id = entries[0]?.subscriptionId;
    const filters = Object.fromEntries(
      entries.map(({ filter, qos, retainHandling }) => [filter, { qos, rh: retainHandling }]),
    );
    const properties = id === undefined ? {} : { properties: { subscriptionIdentifier: id } };
    // MQTT.js takes them in the object's order, which puts names that look like numbers first.
    const inOrder = Object.keys(filters);
    return this.#ask("SUBACK", ({ resolve, reject }) => {
      this.#mqtt.subscribe(filters, { qos: 1, ...properties }, (error, _granted, packet) => {
        const granted = packet?.granted;
        // A refused filter is an outcome, not a broken connection: its code is in the packet.
        if (granted !== undefined) resolve(inOrder.map((filter, index) => [filter, Number(granted[index] ?? 0x80)]));
        else reject(error ?? new Error("the broker's SUBACK has no codes"));
      });
    });
  }

  unsubscribe(filters: readonly string[]): Promise<void> {
    return this.#ask("UNSUBACK", ({ resolve, reject }) => {
      this.#mqtt.unsubscribe([...filters], {}, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Waits for an answer until the connection ends; a connection that stands for months keeps nothing of it. */
  async #ask<T>(answer: "SUBACK" | "UNSUBACK", send: (pending: PromiseWithResolvers<T>) => void): Promise<T> {
    const pending = Promise.withResolvers<T>();
    const giveUp = (): void => pending.reject(this.#error ?? new Error(`the connection ended before the ${answer}`));
    if (this.#ended) giveUp();
    else this.#unanswered.add(giveUp);
    try {
      send(pending);
      return await pending.promise;
    } finally {
      this.#unanswered.delete(giveUp);
    }
  }

  ping(): void {
    this.#mqtt.sendPing();
  }

  disconnect({ withinMs }: { readonly withinMs: number }): Promise<void> {
    this.#endedByUs = true;
    this.#error ??= new Error("closed by this client");
    const timer = setTimeout(() => this.#tap.destroy(), withinMs);
    void this.#whenEnded.promise.then(() => clearTimeout(timer));
    this.#mqtt.end(false);
    return this.#whenEnded.promise;
  }

  destroy(error: Error): void {
    this.#endedByUs = true;
    this.#error ??= error;
    this.#tap.destroy();
  }

  #listen(): void {
    this.#mqtt.on("connect", (packet) => {
      clearTimeout(this.#attemptTimer);
      this.#events.onConnack(readConnack(packet));
      this.#tap.release();
    });
    this.#mqtt.on("disconnect", (packet) => {
      this.#disconnectCode = packet.reasonCode ?? 0;
    });
    this.#mqtt.on("error", (error) => {
      this.#error ??= error;
      const code = "code" in error ? error.code : undefined;
      if (typeof code === "number" && !this.#mqtt.connected && code < 0xa3) this.#refusedCode ??= code;
    });
    this.#tap.on("error", (error) => {
      this.#error ??= error;
    });
    this.#tap.on("close", () => this.#end());
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#attemptTimer);
    this.#mqtt.end(true);
    this.#whenEnded.resolve();
    for (const giveUp of this.#unanswered) giveUp();
    this.#events.onEnded({
      error: this.#error ?? new Error("the peer closed the connection"),
      refusedCode: this.#refusedCode,
      disconnectCode: this.#disconnectCode,
      byPeer: !this.#endedByUs,
    });
  }

  #receive(frame: FrameRange): void {
    if (packetType(frame) === PUBACK) {
      const { packetId, reasonCode } = readPuback(frame, this.protocol);
      this.#events.onPuback(packetId, reasonCode);
      return;
    }
    const packet = readPublish(frame, this.protocol, this.#topics);
    this.#events.onPublish(frame.cutFromBytes === undefined ? packet : { ...packet, cutFromBytes: frame.cutFromBytes });
  }
}

function libraryOptions(settings: TransportSettings): IClientOptions {
  const { username, password, will } = settings;
  const isV5 = settings.protocol === "5";
  return {
    protocolId: "MQTT",
    protocolVersion: isV5 ? 5 : 4,
    clientId: settings.clientId,
    // 3.1.1 knows no expiry: a session that shall end with its connection is a clean one.
    clean: settings.cleanStart || (!isV5 && settings.sessionExpirySec === 0),
    keepalive: settings.keepaliveSec,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    reconnectPeriod: 0,
    connectTimeout: settings.attemptTimeoutMs + 1_000,
    resubscribe: false,
    queueQoSZero: false,
    reschedulePings: false,
    messageIdProvider: highPacketIds(),
    ...(isV5 && { properties: v5Properties(settings) }),
    ...(will !== undefined && {
      will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1 as const, retain: will.retain },
    }),
  };
}

function v5Properties(settings: TransportSettings) {
  return {
    sessionExpiryInterval: settings.sessionExpirySec,
    receiveMaximum: settings.receiveMaximum,
    maximumPacketSize: settings.maxInboundFrameBytes,
  };
}

/** Ids for SUBSCRIBE and UNSUBSCRIBE, above those of our PUBLISH packets. */
function highPacketIds() {
  let last = MAX_PUBLISH_PACKET_ID;
  return {
    allocate: () => {
      last = last >= MAX_PACKET_ID ? MAX_PUBLISH_PACKET_ID + 1 : last + 1;
      return last;
    },
    getLastAllocated: () => last,
    register: () => true,
    deallocate: () => undefined,
    clear: () => undefined,
  };
}

/** A SUBSCRIBE packet carries one subscription identifier, so filters are grouped by theirs. */
function byIdentifier(entries: readonly SubscribeEntry[]): readonly (readonly SubscribeEntry[])[] {
  return [...Map.groupBy(entries, ({ subscriptionId }) => subscriptionId).values()];
}

function readConnack({ sessionPresent, properties }: IConnackPacket): Connack {
  return {
    sessionPresent,
    receiveMaximum: properties?.receiveMaximum ?? MAX_PACKET_ID,
    maximumPacketBytes: properties?.maximumPacketSize,
    subscriptionIdsAvailable: properties?.subscriptionIdentifiersAvailable !== false,
  };
}
