/** From the link's record to what the ledger reads. */
import type { Link, LinkPacket } from "@ts-tars/harness";
import type { AckEvent } from "./ledger/acknowledgements.ts";
import type { Attachment, MessageName, WireEvent } from "./ledger/recording.ts";

/** Names a message by what its PUBLISH holds; undefined when it does not matter to the ledger. */
export type ReadName = (publish: { readonly topic: string; readonly data: unknown }) => MessageName | undefined;

/** The wire of one link; PUBLISH packets without a name are left out. */
export function wireOf(link: Link, read: ReadName): readonly WireEvent[] {
  return link.packets().flatMap((packet) => toEvent(packet, read) ?? []);
}

function toEvent(
  { packet, connection, direction, forwarded, atMs }: LinkPacket,
  read: ReadName,
): WireEvent | undefined {
  switch (packet?.cmd) {
    case "connack":
      return { type: "connected", connection, sessionPresent: packet.sessionPresent };
    case "publish": {
      const message = read({ topic: packet.topic, data: dataIn(packet.payload) });
      if (message === undefined || packet.messageId === undefined) return undefined;
      return { type: "published", connection, direction, packetId: packet.messageId, message, reached: forwarded };
    }
    case "puback": {
      const { messageId: packetId, reasonCode = 0 } = packet;
      if (packetId === undefined) return undefined;
      return { type: "confirmed", connection, direction, packetId, reasonCode, atMs };
    }
    default:
      return undefined;
  }
}

/** What the client of this link was given to acknowledge, and what it acknowledged. */
export function acksOf(link: Link): readonly AckEvent[] {
  return link.packets().flatMap(({ packet, connection, direction }): readonly AckEvent[] => {
    const packetId = packet?.messageId;
    if (packetId === undefined) return [];
    if (packet?.cmd === "publish" && direction === "down") return [{ type: "published", connection, packetId }];
    return packet?.cmd === "puback" && direction === "up" ? [{ type: "acknowledged", connection, packetId }] : [];
  });
}

/** The accepted connections of one client id, oldest first. */
export function attachmentsOf(link: Link, clientId: string): readonly Attachment[] {
  const packets = link.packets();
  return link.connections().flatMap(({ id, clientId: spoken, closedAtMs = Number.POSITIVE_INFINITY }) => {
    const mine = spoken === clientId ? packets.filter(({ connection }) => connection === id) : [];
    const connack = mine.find(({ packet }) => packet?.cmd === "connack");
    if (connack?.packet?.cmd !== "connack") return [];
    return {
      connection: id,
      connectedAtMs: connack.atMs,
      endedAtMs: closedAtMs,
      sessionPresent: connack.packet.sessionPresent,
      isCleanStart: mine.some(({ packet }) => packet?.cmd === "connect" && packet.clean === true),
      hasSubscribed: mine.some(({ packet }) => packet?.cmd === "subscribe"),
    };
  });
}

/** The envelope's `data`, read by hand: the record owes nothing to the client's decoder. */
function dataIn(payload: string | Buffer): unknown {
  try {
    return memberOf(JSON.parse(payload.toString()), "data");
  } catch {
    return undefined; // no JSON, so none of ours
  }
}

/** A member of a value of which nothing is known. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
