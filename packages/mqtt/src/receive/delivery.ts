/** One packet on its way to one subscription, and what happens to it when it cannot be handled. */
import type { Received } from "../api.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Meter } from "../meter.ts";
import type { InboundPublish } from "../transport/transport.ts";
import type { ClockOffsets } from "./clock-offsets.ts";
import type { DeadLetters, Deceased } from "./dead-letters.ts";
import type { DuplicateFilter } from "./duplicates.ts";
import type { KillerWatch } from "./killer-watch.ts";
import type { LoopWatch } from "./loop-watch.ts";
import type { SubscriptionRecord } from "./subscription.ts";

export interface Arrival {
  /** Another one, with the same in it, as soon as it has to wait. */
  packet: InboundPublish;
  /** Monotonic. */
  readonly atMs: number;
}

/** When it arrived by the calendar, Unix epoch ms; few messages are ever asked. */
export function arrivedAtEpochMs({ atMs }: Arrival, { nowMs, epochMs }: Clock): number {
  return epochMs() - Math.round(nowMs() - atMs);
}

export interface DeliverDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly duplicates: DuplicateFilter | undefined;
  readonly deadLetters: DeadLetters;
  /** Undefined without a state directory. */
  readonly killers: KillerWatch | undefined;
  readonly offsets: ClockOffsets;
  readonly loop: LoopWatch;
  readonly nextId: () => string;
  readonly random: () => number;
  /** Fires at the drain limit of `close`. */
  readonly abort: AbortSignal;
  readonly onZombie: (topic: string) => void;
}

/** A packet, and the subscription it is for. */
export interface Inbound {
  readonly record: SubscriptionRecord;
  readonly arrival: Arrival;
  /** This subscription is finished with the packet; called exactly once, or never when the client closes first. */
  readonly settle: () => void;
  readonly deps: DeliverDeps;
}

/** What its contract made of a message, as far as it is the same for every attempt. */
export interface MessageContent extends Pick<Received<unknown>, "data" | "params" | "error" | "sentAtMs"> {
  readonly cleared: boolean;
}

/** An inbound packet with what is known of the message in it. */
export interface Delivery extends Inbound {
  readonly label: string;
  readonly isPrivate: boolean;
  readonly id: string;
  readonly source: string;
  readonly correlationId: string | undefined;
  readonly traceparent: string | undefined;
  readonly expiresAtMs: number;
  /** Undefined where there is no contract, or none that the message kept. */
  readonly content: MessageContent | undefined;
}

/** A delivery of which nothing but the packet is known. */
export function createDelivery(inbound: Inbound): Delivery {
  return {
    ...inbound,
    label: inbound.record.labels.topic,
    isPrivate: false,
    id: inbound.deps.nextId(),
    source: "",
    correlationId: undefined,
    traceparent: undefined,
    expiresAtMs: Number.POSITIVE_INFINITY,
    content: undefined,
  };
}

/** Into the dead letters, where the subscription wants that; resolves when the packet may be acknowledged. */
export async function bury(
  delivery: Delivery,
  cause: Pick<Deceased, "reason" | "error" | "attempts" | "grave">,
): Promise<void> {
  const { clock, deadLetters, log, meter } = delivery.deps;
  const { record, arrival, isPrivate, id, source, correlationId, label } = delivery;
  const { packet } = arrival;
  if (packet.qos === 0 || !record.buries || deadLetters.covers(packet.topic)) {
    meter.count("messages_dropped", { topic: label, reason: cause.reason });
    log.warn({ topic: packet.topic, id, reason: cause.reason, attempts: cause.attempts }, "message dropped");
    return;
  }
  await deadLetters.bury({
    ...cause,
    topic: packet.topic,
    payload: packet.payload,
    isPrivate,
    arrivedAtEpochMs: arrivedAtEpochMs(arrival, clock),
    source,
    id,
    correlationId,
  });
}
