import { systemKeepalive } from "@ts-tars/contracts";
import type { Client } from "@ts-tars/mqtt";

/** A broker that does not send our own message back within this time is not waited for. */
const FENCE_LIMIT_MS = 2_000;

/**
 * Resolves when everything that is retained has arrived for the subscriptions that are active by now: a message of our
 * own, sent behind them, has come back. (A broker answers a SUBSCRIBE before it handles what follows.) The embedded broker
 * sends retained values one by one beside everything else, so the message is sent again while `heardCount` grows.
 */
export async function retainedArrived(client: Client, heardCount: () => number): Promise<void> {
  const own = systemKeepalive.at({ client_id: client.clientId });
  let back = Promise.withResolvers<void>();
  const subscription = client.subscribe(own, () => back.resolve());
  const limit = AbortSignal.timeout(FENCE_LIMIT_MS);
  limit.addEventListener("abort", () => back.resolve(), { once: true });
  try {
    await subscription.active;
    let before: number;
    do {
      before = heardCount();
      back = Promise.withResolvers<void>();
      client.publish(own, { ok: true, event: "heartbeat", timestamp: Date.now() / 1_000 });
      await back.promise;
    } while (heardCount() > before && !limit.aborted);
  } finally {
    await subscription.stop();
  }
}
