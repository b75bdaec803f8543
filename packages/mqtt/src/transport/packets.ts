import { generate, type IPublishPacket, type Packet, parser } from "mqtt-packet";
import { packetType } from "./frame-splitter.ts";
import type { InboundPublish, OutboundPublish, ProtocolVersion } from "./transport.ts";

const PUBACK = 4;

/** Reads and writes the two packets that carry the flow of messages: PUBLISH and PUBACK. */
export interface PacketCodec {
  /** @throws {Error} when the frame is malformed. */
  readonly decode: (frame: Buffer) => InboundPublish | { readonly puback: number; readonly reasonCode: number };
  readonly publish: (packet: OutboundPublish) => Buffer;
  readonly puback: (packetId: number) => Buffer;
}

/** A codec for one connection. */
export function createPacketCodec(protocol: ProtocolVersion): PacketCodec {
  const version = { protocolVersion: protocol === "5" ? 5 : 4 } as const;
  const frames = parser(version);
  let parsed: Packet | undefined;
  let failure: Error | undefined;
  frames.on("packet", (packet: Packet) => {
    parsed = packet;
  });
  frames.on("error", (error: Error) => {
    failure = error;
  });
  return {
    decode: (frame) => {
      if (packetType(frame) === PUBACK) return readPuback(frame, protocol);
      parsed = undefined;
      frames.parse(frame);
      if (failure !== undefined) throw failure;
      // The listener above assigns it inside `parse`, which the compiler cannot see.
      const packet = parsed as Packet | undefined;
      if (packet?.cmd === "publish") return inbound(packet);
      throw new Error("The broker sent a PUBLISH packet that cannot be read.");
    },
    publish: (packet) => generate(outbound(packet, protocol), version),
    puback: (packetId) => generate({ cmd: "puback", messageId: packetId, reasonCode: 0 }, version),
  };
}

/**
 * By hand, for the library takes a reason code that the standard does not list (such as 0x95) for a malformed packet:
 * the link would be reset and the message sent again for ever (T16). MQTT 5.0, 3.4.
 */
function readPuback(frame: Buffer, protocol: ProtocolVersion) {
  // The last byte of the packet's length is the first without the continuation bit.
  const lengthEnd = frame.findIndex((byte, index) => index > 0 && (byte & 0x80) === 0) + 1;
  if (frame[0] !== PUBACK << 4 || frame.length < lengthEnd + 2) throw new Error("The broker sent a malformed PUBACK.");
  const reasonCode = protocol === "5" ? (frame[lengthEnd + 2] ?? 0) : 0;
  return { puback: frame.readUInt16BE(lengthEnd), reasonCode };
}

function inbound(packet: IPublishPacket): InboundPublish {
  const properties = packet.properties;
  const ids = properties?.subscriptionIdentifier;
  return {
    topic: packet.topic,
    payload: typeof packet.payload === "string" ? Buffer.from(packet.payload) : packet.payload,
    qos: packet.qos === 1 ? 1 : 0,
    dup: packet.dup,
    retain: packet.retain,
    packetId: packet.messageId ?? 0,
    expirySec: properties?.messageExpiryInterval,
    subscriptionIds: ids === undefined ? [] : Array.isArray(ids) ? ids : [ids],
    responseTopic: properties?.responseTopic,
    correlationData: properties?.correlationData,
    cutFromBytes: undefined,
  };
}

function outbound(packet: OutboundPublish, protocol: ProtocolVersion): IPublishPacket {
  const { expirySec, contentType, correlationData } = packet;
  const properties = {
    ...(expirySec !== undefined && { messageExpiryInterval: expirySec }),
    ...(contentType !== undefined && { contentType }),
    ...(correlationData !== undefined && { correlationData }),
  };
  return {
    cmd: "publish",
    topic: packet.topic,
    payload: Buffer.from(packet.payload.buffer, packet.payload.byteOffset, packet.payload.byteLength),
    qos: packet.qos,
    dup: packet.dup,
    retain: packet.retain,
    ...(packet.qos === 1 && { messageId: packet.packetId }),
    ...(protocol === "5" && { properties }),
  };
}
