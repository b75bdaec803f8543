/**
 * `npm run bench:soak [-- --hours N]`: 2 000 messages a second from one process of ours to another, QoS 1, through Mosquitto; the
 * heap of both must not grow.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { openBroker } from "@ts-tars/harness";
import { PeerProcess } from "../client/peer-process.ts";
import { type Conditions, type Endured, endure, PER_SECOND, weighAll, weighFor } from "./endure.ts";
import { memoryFigures, noneOf } from "./memory-figures.ts";
import type { SoakOrder, SoakTotals } from "./soak-orders.ts";

/** Code is compiled and the caches of ids are filled by then, or a tenth of a short run. */
const WARM_UP_MS = 60_000;
const PEER = "../soak/soak-peer.ts";

await endure({ name: "soak", canBreak: false, run: soak }, process.argv.slice(2));

async function soak({ durationMs, text, isOutboxBounded, signal }: Conditions): Promise<readonly Endured[]> {
  await using broker = await openBroker({ persistence: false, unheard: true });
  await using publisher = new PeerProcess<SoakOrder>(PEER);
  await using subscriber = new PeerProcess<SoakOrder>(PEER);
  const peers = [publisher, subscriber];
  await subscriber.order({ do: "open", role: "subscriber", url: broker.url, isOutboxBounded });
  await publisher.order({ do: "open", role: "publisher", url: broker.url, isOutboxBounded });
  await publisher.order({ do: "publish", perSecond: PER_SECOND, text });
  await sleep(Math.min(WARM_UP_MS, durationMs / 10), undefined, { signal });
  const start = await weighAll(peers);
  const weights = await weighFor(peers, { durationMs, start, signal });
  const { accepted, refused, undelivered } = await publisher.order<SoakTotals>({ do: "finish" });
  const { handled } = await handledAll(subscriber, accepted);
  return ["publisher", "subscriber"].flatMap((role, index) => {
    const [first, own] = [start[index], weights[index]];
    if (first === undefined || own === undefined) return [];
    const counts =
      role === "publisher"
        ? [noneOf("refused", refused), noneOf("undelivered", undelivered)]
        : [noneOf("not handled exactly once", Math.abs(accepted - handled))];
    return {
      case: `soak-${role}`,
      summary: `${PER_SECOND} messages a second, QoS 1, ${accepted} in all`,
      figures: [...memoryFigures({ start: first, weights: own }), ...counts],
      weights: own,
    };
  });
}

/** The broker may still have some to deliver; a message too many would come in this time too. */
async function handledAll(subscriber: PeerProcess<SoakOrder>, accepted: number): Promise<SoakTotals> {
  for (let look = 0; look < 50; look += 1) {
    const { handled } = await subscriber.order<SoakTotals>({ do: "weigh" });
    if (handled >= accepted) break;
    await sleep(100);
  }
  return subscriber.order<SoakTotals>({ do: "weigh" });
}
