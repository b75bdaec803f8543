import { defineTopic, type Topic } from "@ts-tars/mqtt/contract";
import { z } from "zod";
import type { MessageName } from "../ledger/recording.ts";

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

/** The traffic of one column: `scorecard/<column>/{topic}`, handled in order per `key`. */
export function trafficTopic(column: string): Topic<TrafficData, TrafficData, "topic"> {
  return defineTopic({
    name: `scorecard/${column}/{topic}` as const,
    type: "scorecard.traffic",
    delivery: "event",
    payload: z.object({ key: z.string(), seq: z.int().nonnegative(), padding: z.string() }),
    key: ({ key }) => key,
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
