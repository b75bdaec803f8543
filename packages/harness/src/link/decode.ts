import mqttPacket, { type Packet } from "mqtt-packet";

/** Reads complete frames of one connection; the protocol version is taken from its CONNECT. */
export interface FrameReader {
  /** Undefined when the frame is no valid MQTT. */
  read(frame: Buffer): Packet | undefined;
  readonly connect: { readonly clientId: string; readonly protocolVersion: number } | undefined;
}

/** For both directions of one connection. */
export function frameReader(): FrameReader {
  let connect: FrameReader["connect"];
  return {
    read: (frame) => {
      const packet = parseFrame(frame, connect?.protocolVersion ?? 4);
      if (packet?.cmd === "connect")
        connect = { clientId: packet.clientId, protocolVersion: packet.protocolVersion ?? 4 };
      return packet;
    },
    get connect() {
      return connect;
    },
  };
}

/** One frame, one packet. */
export function parseFrame(frame: Buffer, protocolVersion: number): Packet | undefined {
  // A parser of its own: an invalid frame must not leave its traces in the next one.
  const parser = mqttPacket.parser({ protocolVersion });
  let parsed: Packet | undefined;
  parser.on("packet", (packet: Packet) => {
    parsed = packet;
  });
  parser.on("error", () => {
    parsed = undefined;
  });
  parser.parse(frame);
  return parsed;
}

/** The bytes of a packet. */
export function encodePacket(packet: Packet, protocolVersion: number): Buffer {
  return mqttPacket.generate(packet, { protocolVersion });
}
