/**
 * A service that runs several times: replica 2 of `llm-worker` is called `llm-worker.2`, on its health topic, in its client
 * id, its dead letters, its settings' topics and as the `source` of what it sends. Pure.
 */

/** The highest number of a replica. */
export const REPLICA_MAX = 64;

/** What one process of a service is called; without a number as the service is. */
export function instanceName(service: string, replica: number | undefined): string {
  return replica === undefined ? service : `${service}.${replica}`;
}

/** Whose replica something of this name is, and which; undefined for a service that runs once. */
export function replicaOf(instance: string): { readonly service: string; readonly replica: number } | undefined {
  const [, service, digits] = /^(.+)\.([1-9]\d?)$/u.exec(instance) ?? [];
  const replica = Number(digits);
  return service !== undefined && replica <= REPLICA_MAX ? { service, replica } : undefined;
}
