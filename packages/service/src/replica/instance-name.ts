/**
 * A service that runs several times: replica 2 of `llm-worker` is called `llm-worker.2`, on its health topic, in its client
 * id, its dead letters, its settings' topics and as the `source` of what it sends. Pure.
 */

/** The highest number of a replica. */
export const REPLICA_MAX = 64;

/**
 * As so many replicas a service may run with its user at a broker of ours, and as so many it is watched. Each takes seven lines in
 * the list of a Mosquitto, which reads them one by one at every message, so that not all 64 stand there.
 */
export const LISTED_REPLICAS = 4;

/** What one process of a service is called; without a number as the service is. */
export function instanceName(service: string, replica: number | undefined): string {
  return replica === undefined ? service : `${service}.${replica}`;
}

/** All names that a service may have there. */
export function listedInstances(service: string): readonly string[] {
  return [service, ...Array.from({ length: LISTED_REPLICAS }, (_, index) => instanceName(service, index + 1))];
}

/** Whose replica something of this name is, and which; undefined for a service that runs once. */
export function replicaOf(instance: string): { readonly service: string; readonly replica: number } | undefined {
  const [, service, digits] = /^(.+)\.([1-9]\d?)$/u.exec(instance) ?? [];
  const replica = Number(digits);
  return service !== undefined && replica <= REPLICA_MAX ? { service, replica } : undefined;
}
