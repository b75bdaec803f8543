/** Whether a client acknowledges as MQTT demands, read from the packets of its link alone. Pure. */

/** A QoS 1 PUBLISH to the client, or its PUBACK. */
export interface AckEvent {
  readonly type: "published" | "acknowledged";
  readonly connection: number;
  readonly packetId: number;
}

/** What may not be, counted. */
export interface AckFaults {
  /** PUBACKs that went out before that of an earlier PUBLISH of their connection (MQTT 5.0 and 3.1.1, 4.6). */
  readonly overtakingCount: number;
  /** PUBACKs for which no PUBLISH was open on their connection: of another connection, or given twice. */
  readonly strayCount: number;
}

/** Reads the events of one link, in their order. */
export function ackFaultsOf(events: readonly AckEvent[]): AckFaults {
  const open = new Map<number, number[]>();
  let overtakingCount = 0;
  let strayCount = 0;
  for (const { type, connection, packetId } of events) {
    const ids = open.get(connection) ?? [];
    open.set(connection, ids);
    const place = ids.indexOf(packetId);
    if (type === "published") {
      ids.push(packetId);
      continue;
    }
    if (place < 0) strayCount += 1;
    else ids.splice(place, 1);
    if (place > 0) overtakingCount += 1;
  }
  return { overtakingCount, strayCount };
}
