/** A process that receives, counts, and notes how long each message was on its way. */
import { loadEnds } from "../ends/contestants.ts";
import type { BenchData } from "../ends/payload.ts";
import { monotonicMs } from "./monotonic.ts";
import type { EndSettings, Progress, Received, SubscriberOrder } from "./peer-orders.ts";
import { servePeer } from "./serve-peer.ts";
import { watchWork } from "./watch-work.ts";

/** So often it says how far it is: seldom enough to cost nothing. */
const PROGRESS_EVERY = 50;

let handled = 0;
let onHandled = (_data: BenchData): void => undefined;
let copies = 1;

servePeer<SubscriberOrder, never>(obey);

async function obey(order: SubscriberOrder): Promise<Received | undefined> {
  switch (order.do) {
    case "open":
      await openAll(order.settings);
      return undefined;
    case "receive":
      return receive(order.count);
  }
}

/** With one topic for several clients each of them gets every message. */
async function openAll({ contestant, clientCount, topicCount, ...options }: EndSettings): Promise<void> {
  const ends = await loadEnds(contestant);
  copies = topicCount === 1 ? clientCount : 1;
  const progressEvery = PROGRESS_EVERY * copies;
  const onData = (data: BenchData): void => {
    handled += 1;
    onHandled(data);
    if (handled % progressEvery === 0) tellProgress({ handled: handled / copies });
  };
  const clients = Array.from({ length: clientCount }, (_, index) => index);
  await Promise.all(
    clients.map((index) =>
      ends.openSubscriber(
        { ...options, clientId: `bench-subscriber-${index}`, lanes: [`t${index % topicCount}`] },
        onData,
      ),
    ),
  );
}

function receive(count: number): Promise<Received> {
  const latenciesMs: number[] = [];
  const last = handled + count * copies;
  const stop = watchWork();
  return new Promise((resolve) => {
    onHandled = ({ sentAtMs }) => {
      latenciesMs.push(monotonicMs() - sentAtMs);
      if (handled < last) return;
      onHandled = () => undefined;
      resolve({ ...stop(), latenciesMs });
    };
  });
}

function tellProgress(progress: Progress): void {
  process.send?.(progress);
}
