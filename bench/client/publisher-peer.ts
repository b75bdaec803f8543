/** A process that publishes: as fast as its clients take it, or at a pace. */
import { loadEnds } from "../ends/contestants.ts";
import type { Flow, Outgoing, Publisher } from "../ends/end.ts";
import { createData } from "../ends/payload.ts";
import { startPace } from "../scorecard/peers/pace.ts";
import { monotonicMs } from "./monotonic.ts";
import type { EndSettings, Progress, PublisherOrder, Work } from "./peer-orders.ts";
import { servePeer } from "./serve-peer.ts";
import { watchWork } from "./watch-work.ts";

/** Messages come one by one, not in bursts. */
const PACE_TICK_MS = 1;

let settings: EndSettings | undefined;
let publishers: readonly Publisher[] = [];
let handled = 0;
let published = 0;
let release: (() => void) | undefined;

servePeer<PublisherOrder, Progress>(obey, (progress) => {
  handled = progress.handled;
  release?.();
});

async function obey(order: PublisherOrder): Promise<Work | undefined> {
  switch (order.do) {
    case "open":
      settings = order.settings;
      publishers = await openAll(order.settings);
      return undefined;
    case "pour":
      return pour(order);
    case "pace":
      return pace(order);
  }
}

async function openAll({ contestant, clientCount, ...options }: EndSettings): Promise<readonly Publisher[]> {
  const ends = await loadEnds(contestant);
  const clientIds = Array.from({ length: clientCount }, (_, index) => `bench-publisher-${index}`);
  return Promise.all(clientIds.map((clientId) => ends.openPublisher({ ...options, clientId })));
}

async function pour({ count, aheadCount }: Extract<PublisherOrder, { do: "pour" }>): Promise<Work> {
  const flow = createFlow({ count, aheadCount });
  const stop = watchWork();
  await Promise.all(publishers.map((publisher) => publisher.pour(flow)));
  const work = stop();
  refuseLosses();
  return work;
}

/** One flow for all clients of this process. */
function createFlow({ count, aheadCount }: { readonly count: number; readonly aheadCount: number }): Flow {
  let left = count;
  return {
    get held() {
      if (left === 0 || published - handled < aheadCount) return undefined;
      return new Promise<void>((resolve) => {
        const before = release;
        release = () => {
          before?.();
          release = undefined;
          resolve();
        };
      });
    },
    next: () => {
      if (left === 0) return undefined;
      left -= 1;
      return nextMessage();
    },
  };
}

async function pace({ count, perSecond }: Extract<PublisherOrder, { do: "pace" }>): Promise<Work> {
  const [publisher] = publishers;
  if (publisher === undefined) throw new Error("No publisher is open.");
  const stop = watchWork();
  await new Promise<void>((resolve) => {
    let left = count;
    const stopPace = startPace({
      perSecond,
      tickMs: PACE_TICK_MS,
      act: () => {
        if (left === 0) return;
        publisher.publish(nextMessage());
        left -= 1;
        if (left > 0) return;
        stopPace();
        resolve();
      },
    });
  });
  const work = stop();
  refuseLosses();
  return work;
}

function nextMessage(): Outgoing {
  if (settings === undefined) throw new Error("No publisher is open.");
  const { payload, text, topicCount } = settings;
  const seq = published;
  published += 1;
  const data = createData(payload, { seq, sentAtMs: monotonicMs(), key: "k0", text });
  return { lane: `t${seq % topicCount}`, data };
}

function refuseLosses(): void {
  const lost = publishers.reduce((sum, publisher) => sum + publisher.lost, 0);
  if (lost > 0) throw new Error(`${lost} messages were given up by the publisher's client.`);
}
