/** Messages from one process to another through a broker, as fast as they go or at a pace. */
import { openBroker } from "@ts-tars/harness";
import type { Measure } from "../comparison/bench-case.ts";
import type { Measurement } from "../comparison/figure.ts";
import type { Contestant } from "../ends/end.ts";
import type { PayloadKind } from "../ends/payload.ts";
import { percentile } from "../scorecard/figures.ts";
import type { Progress, PublisherOrder, Received, SubscriberOrder, Work } from "./peer-orders.ts";
import { PeerProcess } from "./peer-process.ts";

/** The load of one measurement. */
export interface FlowLoad {
  readonly contestant: Contestant;
  readonly qos: 0 | 1;
  readonly payload: PayloadKind;
  readonly publisherCount: number;
  readonly subscriberCount: number;
  /** 1: every subscriber gets every message. */
  readonly topicCount: number;
  readonly messageCount: number;
  /** Undefined: as fast as it goes. */
  readonly perSecond: number | undefined;
}

export const ONE_TO_ONE: FlowLoad = {
  contestant: "ours",
  qos: 1,
  payload: "300 B",
  publisherCount: 1,
  subscriberCount: 1,
  topicCount: 1,
  messageCount: 30_000,
  perSecond: undefined,
};

/** Names of figures. */
export const RATE = "messages per second";
export const PUBLISHER_CPU = "publisher CPU per message";
export const SUBSCRIBER_CPU = "subscriber CPU per message";
export const LOOP_LAG = "event-loop lag p99";
export const P50 = "latency p50";
export const P95 = "latency p95";
export const P99 = "latency p99";
export const MAX = "latency max";

const WARM_UP_SHARE = 0.5;
/**
 * How far a publisher may be ahead of the handler, so that the slower end sets the pace and no queue of the broker overflows. At
 * QoS 0 also none of the client: it bounds what waits for the socket, and drops what is older.
 */
const AHEAD = { 0: 200, 1: 2_000 } as const;

/** A measurement of this load: a broker of its own, two new processes, a warm-up of the same kind. */
export function flow(load: FlowLoad): Measure {
  return async ({ text, scale }) => {
    await using broker = await openBroker({ persistence: false, maxQueued: 100_000, unheard: true });
    const { contestant, qos, payload, topicCount, publisherCount, subscriberCount } = load;
    const shared = { contestant, url: broker.url, qos, payload, text, topicCount };
    await using publisher = new PeerProcess<PublisherOrder>("publisher-peer.ts");
    await using subscriber = new PeerProcess<SubscriberOrder, Progress>("subscriber-peer.ts", (progress) =>
      publisher.tell(progress),
    );
    await subscriber.order({ do: "open", settings: { ...shared, clientCount: subscriberCount } });
    await publisher.order({ do: "open", settings: { ...shared, clientCount: publisherCount } });
    const pass = async (count: number): Promise<readonly [Work, Received]> =>
      Promise.all([
        publisher.order<Work>(publishOrder(load, count)),
        subscriber.order<Received>({ do: "receive", count }),
      ]);
    const messageCount = Math.max(100, Math.round(load.messageCount * scale));
    await pass(Math.round(messageCount * WARM_UP_SHARE));
    return measurementOf(load, { messageCount, works: await pass(messageCount) });
  };
}

function publishOrder({ qos, perSecond }: FlowLoad, count: number): PublisherOrder {
  return perSecond === undefined ? { do: "pour", count, aheadCount: AHEAD[qos] } : { do: "pace", count, perSecond };
}

function measurementOf(
  { topicCount, subscriberCount }: FlowLoad,
  { messageCount, works }: { readonly messageCount: number; readonly works: readonly [Work, Received] },
): Measurement {
  const [published, received] = works;
  const handledCount = messageCount * (topicCount === 1 ? subscriberCount : 1);
  const { latenciesMs } = received;
  return {
    [RATE]: (1_000 * handledCount) / (received.endedAtMs - published.startedAtMs),
    [PUBLISHER_CPU]: published.cpuUs / messageCount,
    [SUBSCRIBER_CPU]: received.cpuUs / handledCount,
    [LOOP_LAG]: Math.max(published.loopLagP99Ms, received.loopLagP99Ms),
    [P50]: percentile(latenciesMs, 50),
    [P95]: percentile(latenciesMs, 95),
    [P99]: percentile(latenciesMs, 99),
    [MAX]: percentile(latenciesMs, 100),
  };
}
