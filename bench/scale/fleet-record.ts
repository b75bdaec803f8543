/** From the links before the nodes to what the ledger reads: the wire of each client, over all nodes it was connected to. */
import type { Link, LinkConnection } from "@ts-tars/harness";
import { monotonicMs } from "../client/monotonic.ts";
import type { WireEvent } from "../scorecard/ledger/recording.ts";
import { memberOf, type ReadName, wireOf } from "../scorecard/wire-record.ts";

/** What passed between one client and the cluster; its connections are numbered in the order in which they were opened. */
export interface ClientRecord {
  readonly wire: readonly WireEvent[];
  readonly connections: readonly ClientConnection[];
}

/** One connection of a client; moments by `monotonicMs`. */
export interface ClientConnection {
  readonly openedAtMs: number;
  readonly closedAtMs: number | undefined;
  /** When the client was back with it: on a record the SUBACK of its first subscriptions. */
  readonly backAtMs: number | undefined;
}

/** A connection as a client told of it; `backAtMs` is its CONNACK. */
export interface NotedConnection extends ClientConnection {
  readonly clientId: string;
}

const readName: ReadName = ({ data }) => {
  const [key, seq] = [memberOf(data, "key"), memberOf(data, "seq")];
  return typeof key === "string" && typeof seq === "number" ? `${key}#${seq}` : undefined;
};

interface Opened extends ClientConnection {
  readonly clientId: string;
  readonly place: string;
}

/** By client id. `links` in the order of the nodes. */
export function recordsOf(links: readonly Link[]): ReadonlyMap<string, ClientRecord> {
  const opened = links
    .flatMap((link, node) => openedOn(link, node))
    .toSorted((one, other) => one.openedAtMs - other.openedAtMs);
  const ranks = new Map(opened.map(({ place }, rank) => [place, rank + 1]));
  const wires = links.flatMap((link, node) =>
    wireOf(link, readName).map((event) => ({ ...event, connection: ranks.get(`${node}/${event.connection}`) ?? 0 })),
  );
  const eventsOf = Map.groupBy(wires, ({ connection }) => opened[connection - 1]?.clientId ?? "");
  const connectionsOf = Map.groupBy(opened, ({ clientId }) => clientId);
  return new Map(
    [...connectionsOf].map(([clientId, connections]) => {
      const events = eventsOf.get(clientId) ?? [];
      // A client has one connection at a time, and each link's record is in order.
      const wire = events.toSorted((one, other) => one.connection - other.connection);
      return [clientId, { wire, connections }];
    }),
  );
}

function openedOn(link: Link, node: number): readonly Opened[] {
  const subacks = new Map<number, number>();
  for (const { packet, connection, atMs } of link.record.seen) {
    if (packet?.cmd === "suback" && !subacks.has(connection)) subacks.set(connection, atMs);
  }
  // A link's moments are those of its process.
  const offsetMs = monotonicMs() - performance.now();
  const shifted = (atMs: number | undefined): number | undefined => (atMs === undefined ? undefined : atMs + offsetMs);
  return link.connections().flatMap(({ id, clientId, openedAtMs, closedAtMs }: LinkConnection) => {
    if (clientId === undefined) return [];
    const moments = { openedAtMs: openedAtMs + offsetMs, closedAtMs: shifted(closedAtMs) };
    return [{ ...moments, backAtMs: shifted(subacks.get(id)), clientId, place: `${node}/${id}` }];
  });
}

/** The same without a record: only connections, by the clients' own word. */
export function recordsIn(connections: readonly NotedConnection[]): ReadonlyMap<string, ClientRecord> {
  const perClient = Map.groupBy(connections, ({ clientId }) => clientId);
  return new Map([...perClient].map(([clientId, own]) => [clientId, { wire: [], connections: own }]));
}
