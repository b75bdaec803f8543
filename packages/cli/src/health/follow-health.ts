import { type HealthPing, systemHealth } from "@ts-tars/contracts";
import { type Client, type PresenceReader, type PresenceView, readPresence } from "@ts-tars/mqtt";
import { isAlive } from "./health-view.ts";

/** Follows the health of every service; `onChange` is told the name of the service, or of the replica. */
export function followHealth(
  client: Client,
  onChange?: (service: string, view: PresenceView<HealthPing>) => void,
): PresenceReader<HealthPing> {
  return readPresence(client, systemHealth, {
    sessionOf: ({ session }) => session,
    isAlive,
    onChange: (topic, view) => onChange?.(serviceOf(topic), view),
  });
}

/** The service, or replica, of a concrete health topic. */
export function serviceOf(topic: string): string {
  return topic.slice(topic.lastIndexOf("/") + 1);
}
