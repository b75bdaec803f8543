/**
 * The broker's side of fake sockets: answers CONNECT, SUBSCRIBE and PINGREQ, acknowledges what is published, and feeds canned
 * messages to whoever subscribed. It does as little as it can, for its time is counted as the client's, for each client the same.
 *
 * What it has to say leaves once a turn of the event loop, as from a network.
 */
import { encodePacket, frameSplitter, parseFrame } from "@ts-tars/harness";
import type { IPublishPacket, Packet } from "mqtt";
import { type CannedFrame, canFrame, serve } from "./canned-frame.ts";
import type { FakePeer, FakeSocket } from "./fake-socket.ts";
import { FrameScanner } from "./frame-scanner.ts";

type SubscribePacket = Extract<Packet, { cmd: "subscribe" }>;

export interface Subscribed {
  readonly protocolVersion: number;
  /** Filters with the identifier that each carried. */
  readonly identifiers: ReadonlyMap<string, number | undefined>;
  readonly peer: BrokerPeer;
}

export class FakeBroker {
  /** PUBLISH packets seen. */
  publishedCount = 0;
  /** Of all clients, whole; only while it is asked for. */
  recorded: IPublishPacket[] | undefined;
  subscribed: Subscribed | undefined;

  readonly openPeer = (socket: FakeSocket): FakePeer => new BrokerPeer(this, socket);

  /** The recorded messages as the subscriber is to get them. */
  canned(qos: 0 | 1): readonly CannedFrame[] {
    const { subscribed } = this;
    if (subscribed === undefined) throw new Error("Nobody has subscribed.");
    return (this.recorded ?? []).map((packet) => canFrame(encode(packet, { qos, subscribed }), { qos }));
  }
}

function encode(
  { topic, payload }: IPublishPacket,
  { qos, subscribed }: { readonly qos: 0 | 1; readonly subscribed: Subscribed },
): Buffer {
  const { identifiers, protocolVersion } = subscribed;
  const identifier = identifiers.get(topic) ?? identifiers.get("bench/+");
  const packet: IPublishPacket = {
    cmd: "publish",
    topic,
    payload,
    qos,
    dup: false,
    retain: false,
    ...(qos === 1 && { messageId: 1 }),
    ...(identifier !== undefined && { properties: { subscriptionIdentifier: identifier } }),
  };
  return encodePacket(packet, protocolVersion);
}

/** One connection. */
export class BrokerPeer implements FakePeer {
  readonly #broker: FakeBroker;
  readonly #socket: FakeSocket;
  readonly #recorder = frameSplitter();
  readonly #scanner: FrameScanner;
  readonly #identifiers = new Map<string, number | undefined>();
  #protocolVersion = 4;
  #outgoing: Buffer[] = [];
  /** Packet ids to be acknowledged at the end of this turn. */
  #pubacks: number[] = [];
  #isTurnPlanned = false;
  #wantsMore = true;
  #feed: Feed | undefined;

  constructor(broker: FakeBroker, socket: FakeSocket) {
    this.#broker = broker;
    this.#socket = socket;
    this.#scanner = new FrameScanner({
      onPublish: (qos, packetId) => this.#published(qos, packetId),
      onPuback: () => this.#acknowledged(),
      onOther: (frame) => this.#answer(parseFrame(frame, this.#protocolVersion)),
    });
  }

  /** Sends so many messages, in turns of `window`; at QoS 1 never more than that unacknowledged. */
  feed(frames: readonly CannedFrame[], { count, window, qos }: FeedOptions): void {
    this.#feed = { frames, qos, window, sequence: this.#feed?.sequence ?? 0, left: count, credit: window };
    this.#planTurn();
  }

  onBytes(bytes: Uint8Array): void {
    const { recorded } = this.#broker;
    if (recorded !== undefined) {
      // A copy: the writer may use its buffer again.
      const packets = this.#recorder.push(Buffer.from(bytes)).map((frame) => parseFrame(frame, this.#protocolVersion));
      recorded.push(...packets.filter((packet) => packet?.cmd === "publish"));
    }
    this.#scanner.scan(bytes);
  }

  onReadable(): void {
    this.#wantsMore = true;
    this.#planTurn();
  }

  #published(qos: number, packetId: number): void {
    this.#broker.publishedCount += 1;
    if (qos === 0) return;
    this.#pubacks.push(packetId);
    this.#planTurn();
  }

  #acknowledged(): void {
    if (this.#feed === undefined) return;
    this.#feed.credit += 1;
    this.#planTurn();
  }

  #answer(packet: Packet | undefined): void {
    switch (packet?.cmd) {
      case "connect":
        this.#protocolVersion = packet.protocolVersion ?? 4;
        this.#send({ cmd: "connack", sessionPresent: false, reasonCode: 0, returnCode: 0 });
        return;
      case "subscribe":
        this.#subscribed(packet);
        return;
      case "unsubscribe":
        this.#send({ cmd: "unsuback", messageId: packet.messageId ?? 0, granted: packet.unsubscriptions.map(() => 0) });
        return;
      case "pingreq":
        this.#send({ cmd: "pingresp" });
        return;
      case "disconnect":
        this.#socket.hangUp();
        return;
      default:
        throw new Error(`The fake broker cannot answer ${packet?.cmd ?? "what is no MQTT packet"}.`);
    }
  }

  #subscribed({ messageId, subscriptions, properties }: SubscribePacket): void {
    for (const { topic } of subscriptions) this.#identifiers.set(topic, properties?.subscriptionIdentifier);
    this.#broker.subscribed = { protocolVersion: this.#protocolVersion, identifiers: this.#identifiers, peer: this };
    this.#send({ cmd: "suback", messageId: messageId ?? 0, granted: subscriptions.map(({ qos }) => qos) });
  }

  #send(packet: Packet): void {
    this.#outgoing.push(encodePacket(packet, this.#protocolVersion));
    this.#planTurn();
  }

  #planTurn(): void {
    if (this.#isTurnPlanned) return;
    this.#isTurnPlanned = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#isTurnPlanned = false;
    const pieces = this.#outgoing;
    this.#outgoing = [];
    if (this.#pubacks.length > 0) pieces.push(this.#takePubacks());
    if (this.#feed !== undefined && this.#wantsMore) pieces.push(...this.#takeMessages(this.#feed));
    const [only] = pieces;
    if (only === undefined) return;
    this.#wantsMore = this.#socket.deliver(pieces.length === 1 ? only : Buffer.concat(pieces));
  }

  /** Four bytes each in both versions: success needs no reason code. */
  #takePubacks(): Buffer {
    const page = Buffer.allocUnsafe(4 * this.#pubacks.length);
    this.#pubacks.forEach((packetId, index) => {
      page.writeUInt16BE(0x4002, 4 * index);
      page.writeUInt16BE(packetId, 4 * index + 2);
    });
    this.#pubacks = [];
    return page;
  }

  #takeMessages(feed: Feed): readonly Buffer[] {
    const count = Math.min(feed.left, feed.credit);
    if (count === 0) return [];
    const piece = serve(feed.frames, { sequence: feed.sequence, count });
    feed.sequence += count;
    feed.left -= count;
    if (feed.qos === 1) feed.credit -= count;
    else if (feed.left > 0) this.#planTurn();
    return [piece];
  }
}

interface FeedOptions {
  readonly count: number;
  readonly window: number;
  readonly qos: 0 | 1;
}

interface Feed {
  readonly frames: readonly CannedFrame[];
  readonly qos: 0 | 1;
  readonly window: number;
  /** Messages sent over the whole run. */
  sequence: number;
  left: number;
  credit: number;
}
