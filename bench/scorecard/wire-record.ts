/** From the link's record to what the ledger reads. */
import type { Link, LinkPacket } from "@ts-tars/harness";
import type { WireEvent } from "./ledger/recording.ts";
import { nameOf } from "./peers/traffic-topic.ts";

/** The wire of one link; packets that carry no traffic are left out. */
export function wireOf(link: Link): readonly WireEvent[] {
  return link.packets().flatMap((packet) => toEvent(packet) ?? []);
}

function toEvent({ packet, connection, direction, forwarded }: LinkPacket): WireEvent | undefined {
  switch (packet?.cmd) {
    case "connack":
      return { type: "connected", connection, sessionPresent: packet.sessionPresent };
    case "publish": {
      const message = messageIn(packet.payload);
      if (message === undefined || packet.messageId === undefined) return undefined;
      return { type: "published", connection, direction, packetId: packet.messageId, message, reached: forwarded };
    }
    case "puback":
      if (packet.messageId === undefined) return undefined;
      return {
        type: "confirmed",
        connection,
        direction,
        packetId: packet.messageId,
        reasonCode: packet.reasonCode ?? 0,
      };
    default:
      return undefined;
  }
}

/** Read by hand: the record owes nothing to the client's decoder. */
function messageIn(payload: string | Buffer): string | undefined {
  try {
    const envelope: unknown = JSON.parse(payload.toString());
    const data = memberOf(envelope, "data");
    const [key, seq] = [memberOf(data, "key"), memberOf(data, "seq")];
    return typeof key === "string" && typeof seq === "number" ? nameOf({ key, seq }) : undefined;
  } catch {
    return undefined; // no JSON, so none of ours
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
