import type { Clock } from "../clock.ts";
import type { HeartbeatOptions } from "../options.ts";
import type { StreamMessage } from "../publish/stream-queue.ts";

const INTERVAL_MS = 5_000;
const PREFIX = "system/keepalive";

/**
 * Sends `{ ok, event: "heartbeat", timestamp }` on `system/keepalive/{clientId}`, bare and QoS 0 as old peers expect:
 * once at each connection, then at an interval. The returned functions are told of the connection's ups and downs.
 */
export function createHeartbeat(
  options: HeartbeatOptions,
  {
    clock,
    clientId,
    send,
  }: { readonly clock: Clock; readonly clientId: string; readonly send: (message: StreamMessage) => void },
): { readonly connected: () => void; readonly disconnected: () => void } {
  const prefix = options.topicPrefix ?? PREFIX;
  const topic = `${prefix}/${clientId}`;
  let cancel = (): void => undefined;
  const beat = (): void => {
    const body = { ok: true, event: "heartbeat", timestamp: clock.epochMs() / 1_000 };
    const payload = Buffer.from(JSON.stringify(body));
    send({ topic, label: prefix, payload, key: topic, expiresAtMs: Number.POSITIVE_INFINITY });
    cancel = clock.setTimer(options.intervalMs ?? INTERVAL_MS, beat);
  };
  return { connected: beat, disconnected: () => cancel() };
}
