/**
 * `npm run bench:offline [-- --minutes N --break outbox-bound]`: a publisher that never stops while its broker is away. Its memory
 * must not grow beyond the outbox, and when the broker is back, every message that was accepted must come to its end. Without the
 * outbox's bound the same run must miss its bars, or it would show nothing.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { openBroker } from "@ts-tars/harness";
import { PeerProcess } from "../client/peer-process.ts";
import { type Conditions, type Endured, endure, PER_SECOND, weighAll, weighFor } from "./endure.ts";
import { memoryFigures } from "./memory-figures.ts";
import type { SoakOrder, SoakTotals } from "./soak-orders.ts";

/** Connected, so that code is compiled. */
const WARM_UP_MS = 10_000;
/** 10 000 messages at 2 000 a second, twice over: the outbox is full, and what is seen from then on is its steady state. */
const FILL_MS = 10_000;

await endure({ name: "offline", canBreak: true, run: goOffline }, process.argv.slice(2));

async function goOffline({ durationMs, text, isOutboxBounded, signal }: Conditions): Promise<readonly Endured[]> {
  await using broker = await openBroker({ persistence: false, unheard: true });
  await using publisher = new PeerProcess<SoakOrder>("../soak/soak-peer.ts");
  await publisher.order({ do: "open", role: "publisher", url: broker.url, isOutboxBounded });
  await publisher.order({ do: "publish", perSecond: PER_SECOND, text });
  await sleep(WARM_UP_MS, undefined, { signal });
  const [start] = await weighAll([publisher]);
  await broker.stop();
  await sleep(FILL_MS, undefined, { signal });
  if (start === undefined) throw new Error("The publisher was not weighed.");
  const [weights = []] = await weighFor([publisher], { durationMs, start: [start], signal });
  const last = weights.at(-1) ?? start;
  if (isOutboxBounded && last.refused === 0) throw new Error("The outbox was never full: this run shows nothing.");
  await broker.start();
  // What was accepted without a bound takes longer than anybody waits, and its bars are missed already.
  const totals = isOutboxBounded ? await publisher.order<SoakTotals>({ do: "finish" }) : last;
  return [
    {
      case: "offline-publisher",
      summary: `${PER_SECOND} messages a second to a broker that is away, ${last.accepted} accepted, ${last.refused} refused, ${totals.undelivered} expired`,
      figures: memoryFigures({ start, weights }),
      weights,
    },
  ];
}
