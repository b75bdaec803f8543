import { defineTopic, type Topic } from "@ts-tars/mqtt/contract";
import { z } from "zod";
import type { MessageName } from "../ledger/recording.ts";
import type { Traffic } from "../scorecard-case.ts";

/** What a message of the scorecard carries: its name in the ledger, in two parts, and ballast. */
export interface TrafficData {
  readonly key: string;
  readonly seq: number;
  readonly padding: string;
}

/** The name of a message, as the ledger knows it. */
export function nameOf({ key, seq }: Pick<TrafficData, "key" | "seq">): MessageName {
  return `${key}#${seq}`;
}

/** The number of a message among all of a publisher: topics and keys take turns. */
export interface Numbered {
  /** Which of the topics, from 0. */
  readonly topic: number;
  readonly isDurable: boolean;
  readonly key: string;
  readonly seq: number;
}

/** The message with a number. So many calls as there are keys give one of each. */
export function numbered(
  count: number,
  { name, traffic }: { readonly name: string; readonly traffic: Traffic },
): Numbered {
  const keyCount = traffic.topics * traffic.keysPerTopic;
  const lane = count % keyCount;
  const topic = lane % traffic.topics;
  return { topic, isDurable: topic < traffic.durableTopics, key: `${name}k${lane}`, seq: Math.floor(count / keyCount) };
}

const payload = z.object({ key: z.string(), seq: z.int().nonnegative(), padding: z.string() });

/** The traffic of one column: `scorecard/<column>/{topic}`, handled in order per `key`. */
export function trafficTopic(column: string): Topic<TrafficData, TrafficData, "topic"> {
  return defineTopic({
    name: `scorecard/${column}/{topic}` as const,
    type: "scorecard.traffic",
    delivery: "event",
    payload,
    key: ({ key }) => key,
  });
}

/** What must survive its publisher: `scorecard/<column>/durable/{topic}`. */
export function durableTopic(column: string): Topic<TrafficData, TrafficData, "topic"> {
  return defineTopic({
    name: `scorecard/${column}/durable/{topic}` as const,
    type: "scorecard.durable",
    delivery: "command",
    // Without end: a robot that killed a life in 1970 wakes up decades later, and what had a time to live would be declared expired.
    ttlMs: "none",
    durable: true,
    payload,
    key: ({ key }) => key,
  });
}

/** What must not wait behind the traffic. */
export function stopTopic(column: string) {
  return defineTopic({
    name: `scorecard/${column}/high/stop` as const,
    type: "scorecard.stop",
    delivery: "command",
    ttlMs: 10_000,
    priority: "high",
    payload: z.object({ stop: z.string() }),
  });
}

/** A topic without traffic: the publisher subscribes to it, so that its way back ends with a SUBACK like the other's. */
export function quietTopic(column: string) {
  return defineTopic({
    name: `scorecard/${column}/quiet/word` as const,
    type: "scorecard.quiet",
    delivery: "event",
    payload: z.object({}),
  });
}
