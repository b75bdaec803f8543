/** What the packet record says about each message. Pure. */
import type { MessageName, WireEvent } from "./recording.ts";

/** One PUBLISH of a message on one connection. */
export interface Transmission {
  readonly connection: number;
  /** The receiving socket has taken it. */
  readonly reached: boolean;
  /** The PUBACK's reason code; undefined as long as none was seen on this connection. */
  readonly confirmedWith: number | undefined;
  /** When it was seen, monotonic ms. */
  readonly confirmedAtMs: number | undefined;
}

type Writable = { -readonly [Key in keyof Transmission]: Transmission[Key] };

/** Transmissions by message, in order. */
export type Transmissions = ReadonlyMap<MessageName, readonly Transmission[]>;

/**
 * The transmissions in one direction of one link. A PUBACK belongs to the last PUBLISH with its packet id that went the
 * other way on the same connection: packet ids mean nothing beyond one.
 */
export function transmissionsOf(wire: readonly WireEvent[], direction: "up" | "down"): Transmissions {
  const found = new Map<MessageName, Writable[]>();
  const open = new Map<string, Writable>();
  for (const event of wire) {
    if (event.type === "connected") continue;
    const slot = `${event.connection}/${event.packetId}`;
    if (event.type === "published" && event.direction === direction) {
      const { connection, reached, message } = event;
      const transmission: Writable = { connection, reached, confirmedWith: undefined, confirmedAtMs: undefined };
      const earlier = found.get(message);
      if (earlier === undefined) found.set(message, [transmission]);
      else earlier.push(transmission);
      open.set(slot, transmission);
    }
    if (event.type === "confirmed" && event.direction !== direction) {
      const transmission = open.get(slot);
      if (transmission !== undefined) {
        transmission.confirmedWith = event.reasonCode;
        transmission.confirmedAtMs = event.atMs;
      }
      open.delete(slot);
    }
  }
  return found;
}

/** How a connection's session went on. */
export type Sequel =
  /** No other connection has followed: what is unacknowledged on it is still owed by whoever has it. */
  | "stands"
  /** Whoever sent it owes it again. */
  | "resumed"
  /** Nobody owes any more what was unacknowledged. */
  | "abandoned";

/** What followed on each connection of a wire. */
export function sequelsOf(wire: readonly WireEvent[]): (connection: number) => Sequel {
  const sessions = wire.filter((event) => event.type === "connected");
  return (connection) => {
    const next = sessions.find((session) => session.connection > connection);
    if (next === undefined) return "stands";
    return next.sessionPresent ? "resumed" : "abandoned";
  };
}
