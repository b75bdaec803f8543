/** A process with one client of ours that publishes without end, or handles what is published, and weighs itself. */
import { type Client, type ConnectOptions, connect, OutboxFullError } from "@ts-tars/mqtt";
import { monotonicMs } from "../client/monotonic.ts";
import { servePeer } from "../client/serve-peer.ts";
import { benchTopic } from "../ends/ours.ts";
import { createData } from "../ends/payload.ts";
import { startPace } from "../scorecard/peers/pace.ts";
import type { SoakOrder, SoakTotals, Weight } from "./soak-orders.ts";

const FLUSH_MS = 60_000;
const topic = benchTopic({ qos: 1, payload: "300 B" });

/** What no queue reaches: the bound is gone. */
const WITHOUT_BOUND: NonNullable<ConnectOptions["outbox"]> = {
  maxMessages: Number.MAX_SAFE_INTEGER,
  maxBytes: Number.MAX_SAFE_INTEGER,
};

let client: Client | undefined;
let stopPace = (): void => undefined;
const totals = { accepted: 0, refused: 0, handled: 0, undelivered: 0 };

servePeer<SoakOrder, never>(async (order) => {
  switch (order.do) {
    case "open":
      return open(order);
    case "weigh":
      return weigh();
    case "publish":
      stopPace = publishWithoutEnd(requireClient(), order);
      return undefined;
    case "finish":
      return finish();
  }
});

async function open({ role, url, isOutboxBounded }: Extract<SoakOrder, { do: "open" }>): Promise<void> {
  client = connect({
    url,
    clientId: `soak-${role}`,
    onUndelivered: () => {
      totals.undelivered += 1;
    },
    ...(!isOutboxBounded && { outbox: WITHOUT_BOUND }),
  });
  if (role === "subscriber") {
    client.subscribe(topic.at({ lane: "t0" }), () => {
      totals.handled += 1;
    });
  }
  await client.ready();
}

/** Whatever becomes of the connection; what does not fit is refused, and counted. */
function publishWithoutEnd(publisher: Client, { perSecond, text }: Extract<SoakOrder, { do: "publish" }>): () => void {
  const lane = topic.at({ lane: "t0" });
  let seq = 0;
  return startPace({
    perSecond,
    act: () => {
      try {
        publisher.publish(lane, createData("300 B", { seq: seq++, sentAtMs: monotonicMs(), key: "k0", text }));
        totals.accepted += 1;
      } catch (error) {
        if (!(error instanceof OutboxFullError)) throw error;
        totals.refused += 1;
      }
    },
  });
}

/** Without garbage. */
function weigh(): Weight {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { atMs: monotonicMs(), heapBytes: heapUsed, rssBytes: rss, ...totals };
}

/** Resolves when every accepted message has come to its end. */
async function finish(): Promise<SoakTotals> {
  stopPace();
  await requireClient().flush({ timeoutMs: FLUSH_MS });
  return totals;
}

function requireClient(): Client {
  if (client === undefined) throw new Error("No client is open.");
  return client;
}
