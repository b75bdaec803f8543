import type { Socket } from "node:net";
import { matches } from "@ts-tars/mqtt/contract";
import {
  generate,
  type IConnectPacket,
  type IPublishPacket,
  type ISubscribePacket,
  type IUnsubscribePacket,
  type Packet,
  parser,
  type QoS,
} from "mqtt-packet";

export interface SessionDeps {
  /** Whether this is one of ours. */
  readonly admits: (packet: IConnectPacket) => boolean;
  readonly onAdmitted: () => void;
  /** Takes what the peer publishes. */
  readonly pass: (packet: IPublishPacket) => void;
}

interface Subscription {
  readonly qos: QoS;
  readonly identifier: number | undefined;
}

const MQTT_5 = { protocolVersion: 5 } as const;
const PACKET_ID_MAX = 65_535;

/** One connection to the private broker, MQTT 5, from its CONNECT to its end. What is not MQTT, or not ours, is cut off. */
export class PrivateSession {
  readonly #socket: Socket;
  readonly #deps: SessionDeps;
  readonly #subscriptions = new Map<string, Subscription>();
  #isAdmitted = false;
  #packetId = 0;

  constructor(socket: Socket, deps: SessionDeps) {
    this.#socket = socket;
    this.#deps = deps;
    const incoming = parser(MQTT_5);
    incoming.on("packet", (packet: Packet) => this.#take(packet));
    incoming.on("error", () => void socket.destroy());
    socket.on("data", (chunk) => void incoming.parse(chunk));
    // The close that follows is what counts.
    socket.on("error", () => undefined);
  }

  /** Hands on a message, once for each subscription that wants it. */
  deliver({ topic, payload, qos, properties = {} }: IPublishPacket): void {
    for (const [filter, wanted] of this.#subscriptions) {
      if (!matches(filter, topic)) continue;
      const granted = qos === 0 || wanted.qos === 0 ? 0 : 1;
      this.#send({
        ...{ cmd: "publish", topic, payload, qos: granted, dup: false, retain: false },
        ...(granted === 1 && { messageId: this.#nextPacketId() }),
        properties: {
          ...properties,
          ...(wanted.identifier !== undefined && { subscriptionIdentifier: wanted.identifier }),
        },
      });
    }
  }

  #take(packet: Packet): void {
    if (packet.cmd === "connect") this.#welcome(packet);
    else if (this.#isAdmitted) this.#answer(packet);
    else this.#socket.destroy();
  }

  #answer(packet: Packet): void {
    switch (packet.cmd) {
      case "subscribe":
        this.#subscribe(packet);
        break;
      case "unsubscribe":
        this.#unsubscribe(packet);
        break;
      case "publish":
        if (packet.qos > 0) this.#send({ cmd: "puback", messageId: packet.messageId ?? 0, reasonCode: 0 });
        this.#deps.pass(packet);
        break;
      case "pingreq":
        this.#send({ cmd: "pingresp" });
        break;
      case "disconnect":
        this.#socket.end();
        break;
      default:
      // Acknowledgements: what a rehearsal sends is never sent again.
    }
  }

  #welcome(packet: IConnectPacket): void {
    if (packet.protocolVersion !== MQTT_5.protocolVersion || !this.#deps.admits(packet)) {
      this.#socket.destroy();
      return;
    }
    this.#isAdmitted = true;
    this.#send({ cmd: "connack", sessionPresent: false, reasonCode: 0 });
    this.#deps.onAdmitted();
  }

  #subscribe({ subscriptions, messageId, properties }: ISubscribePacket): void {
    const identifier = properties?.subscriptionIdentifier;
    for (const { topic, qos } of subscriptions) this.#subscriptions.set(topic, { qos, identifier });
    this.#send({ cmd: "suback", messageId: messageId ?? 0, granted: subscriptions.map(({ qos }) => qos) });
  }

  #unsubscribe({ unsubscriptions, messageId }: IUnsubscribePacket): void {
    for (const filter of unsubscriptions) this.#subscriptions.delete(filter);
    this.#send({ cmd: "unsuback", messageId: messageId ?? 0, granted: unsubscriptions.map(() => 0) });
  }

  #nextPacketId(): number {
    this.#packetId = (this.#packetId % PACKET_ID_MAX) + 1;
    return this.#packetId;
  }

  #send(packet: Packet): void {
    if (this.#socket.writable) this.#socket.write(generate(packet, MQTT_5));
  }
}
