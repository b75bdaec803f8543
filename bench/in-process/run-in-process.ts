/** One measurement in a process of its own: told by an IPC message, answered by one. */

import { Session } from "node:inspector/promises";
import { loadEnds } from "../ends/contestants.ts";
import { type EndOptions, type Flow, type Outgoing, WINDOW } from "../ends/end.ts";
import { createData } from "../ends/payload.ts";
import { FakeBroker } from "./fake-broker.ts";
import { installFakeNet } from "./fake-net.ts";
import type { InProcessResult, InProcessRun } from "./in-process-run.ts";
import { selfTimesOf } from "./self-times.ts";

/** A fifth of what the profiler takes by default: a message takes some 20 µs. */
const SAMPLING_US = 200;

const URL = "mqtt://127.0.0.1:1883";

process.once("message", (run: InProcessRun) => {
  measure(run).then(
    (result) => process.send?.(result, () => process.exit()),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
      process.exit(1);
    },
  );
});

async function measure(run: InProcessRun): Promise<InProcessResult> {
  const broker = new FakeBroker();
  installFakeNet(broker.openPeer);
  const pass = run.side === "publish" ? await openPublishing(run, broker) : await openReceiving(run, broker);
  await pass(run.warmUpCount);
  if (run.isProfiled === true) return measureProfiled(run, pass);
  globalThis.gc?.();
  return measurePass(run, pass);
}

async function measureProfiled(run: InProcessRun, pass: Pass): Promise<InProcessResult> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: SAMPLING_US });
  await session.post("Profiler.start");
  const result = await measurePass(run, pass);
  const { profile } = await session.post("Profiler.stop");
  return { ...result, selfTimes: selfTimesOf(profile) };
}

async function measurePass(run: InProcessRun, pass: Pass): Promise<InProcessResult> {
  const startedAtMs = performance.now();
  const before = process.cpuUsage();
  await pass(run.messageCount);
  const { user, system } = process.cpuUsage(before);
  return {
    cpuUs: (user + system) / run.messageCount,
    messagesPerSecond: (1_000 * run.messageCount) / (performance.now() - startedAtMs),
  };
}

/** Moves so many messages through the client; resolves when all are through. */
type Pass = (count: number) => Promise<void>;

async function openPublishing(run: InProcessRun, broker: FakeBroker): Promise<Pass> {
  const ends = await loadEnds(run.contestant);
  const publisher = await ends.openPublisher(endOptions(run, "publisher"));
  return async (count) => {
    const before = broker.publishedCount;
    await publisher.pour(flowOf(run, count));
    // What was handed over at QoS 0 may leave a turn later.
    for (let turn = 0; turn < 1_000 && broker.publishedCount < before + count; turn += 1) await nextTurn();
    const arrived = broker.publishedCount - before;
    if (arrived !== count || publisher.lost > 0) throw new Error(`Of ${count} messages ${arrived} were written.`);
  };
}

async function openReceiving(run: InProcessRun, broker: FakeBroker): Promise<Pass> {
  const ends = await loadEnds(run.contestant);
  let handled = 0;
  let expected = Number.POSITIVE_INFINITY;
  let done = (): void => undefined;
  const options = { ...endOptions(run, "subscriber"), lanes: lanesOf(run), isKeyed: run.isKeyed };
  await ends.openSubscriber(options, () => {
    handled += 1;
    if (handled === expected) done();
  });
  broker.recorded = [];
  const publisher = await ends.openPublisher(endOptions(run, "publisher"));
  await publisher.pour(flowOf(run, Math.max(run.topicCount, run.keyCount)));
  await publisher.close();
  const frames = broker.canned(run.qos);
  broker.recorded = undefined;
  return (count) =>
    new Promise((resolve) => {
      expected = handled + count;
      done = resolve;
      broker.subscribed?.peer.feed(frames, { count, window: WINDOW, qos: run.qos });
    });
}

/** The one that gets the messages lies in the middle of the others. */
function lanesOf({ filterCount, isWildcard }: InProcessRun): readonly string[] {
  if (isWildcard) return ["+"];
  const others = Array.from({ length: filterCount - 1 }, (_, index) => `other${index}`);
  return others.toSpliced(Math.floor(others.length / 2), 0, "t0");
}

function flowOf({ payload, text, topicCount, keyCount }: InProcessRun, count: number): Flow {
  let seq = 0;
  return {
    held: undefined,
    next: (): Outgoing | undefined => {
      if (seq === count) return undefined;
      const data = createData(payload, { seq, sentAtMs: performance.now(), key: `k${seq % keyCount}`, text });
      seq += 1;
      return { lane: `t${data.seq % topicCount}`, data };
    },
  };
}

function endOptions({ qos, payload }: InProcessRun, clientId: string): EndOptions {
  return { url: URL, clientId, qos, payload };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
