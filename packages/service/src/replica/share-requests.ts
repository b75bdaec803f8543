/** How the replicas of a service share its requests: what that asks of their connection. Pure. */
import type { ConnectOptions } from "@ts-tars/mqtt";
import type { Connection } from "../connection.ts";

/**
 * The connection of a replica that shares. On MQTT 3.1.1 there is nothing to share with, and each replica would answer each
 * request; so it is 5 or nothing. Without a session: Mosquitto deals requests to the sessions of members that are away, too,
 * where they lie until the member is back, or for ever.
 */
export function sharing(connection: Connection): Connection {
  if (!connection.ok) return connection;
  const { options, warnings } = connection;
  if (options.protocol === "3.1.1") return { ok: false, problems: [NEEDS_5] };
  const shared: ConnectOptions = { ...options, protocol: "5", cleanStart: true, sessionExpirySec: 0 };
  return { ok: true, options: shared, warnings };
}

const NEEDS_5 =
  "TARS_REPLICA: replicas of this service share their requests, which MQTT 3.1.1 (MQTT_PROTOCOL) cannot. " +
  "Use a broker of MQTT 5, or let it run once.";
