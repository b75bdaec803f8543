/** What the packet record says about each message. Pure. */
import type { MessageName, WireEvent } from "./recording.ts";

/** One PUBLISH of a message on one connection. */
export interface Transmission {
  readonly connection: number;
  /** The receiving socket has taken it. */
  readonly reached: boolean;
  /** The PUBACK's reason code; undefined as long as none was seen on this connection. */
  readonly confirmedWith: number | undefined;
}

/** Transmissions by message, in order. */
export type Transmissions = ReadonlyMap<MessageName, readonly Transmission[]>;

/**
 * The transmissions in one direction of one link. A PUBACK belongs to the last PUBLISH with its packet id that went the
 * other way on the same connection: packet ids mean nothing beyond one.
 */
export function transmissionsOf(wire: readonly WireEvent[], direction: "up" | "down"): Transmissions {
  const found = new Map<MessageName, { confirmedWith: number | undefined; connection: number; reached: boolean }[]>();
  const open = new Map<string, { confirmedWith: number | undefined }>();
  for (const event of wire) {
    if (event.type === "connected") continue;
    const slot = `${event.connection}/${event.packetId}`;
    if (event.type === "published" && event.direction === direction) {
      const { connection, reached, message } = event;
      const transmission = { connection, reached, confirmedWith: undefined };
      const earlier = found.get(message);
      if (earlier === undefined) found.set(message, [transmission]);
      else earlier.push(transmission);
      open.set(slot, transmission);
    }
    if (event.type === "confirmed" && event.direction !== direction) {
      const transmission = open.get(slot);
      if (transmission !== undefined) transmission.confirmedWith = event.reasonCode;
      open.delete(slot);
    }
  }
  return found;
}

/**
 * Whether the session of a connection was not resumed: what was unacknowledged on it, nobody owes any more. While no other
 * connection has followed, it is still owed.
 */
export function isAbandoned(wire: readonly WireEvent[]): (connection: number) => boolean {
  const sessions = wire.filter((event) => event.type === "connected");
  return (connection) => sessions.find((session) => session.connection > connection)?.sessionPresent === false;
}
