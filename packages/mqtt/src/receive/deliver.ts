/**
 * Brings one packet to one subscription. The order of the rules is fixed:
 *
 *   too large? ─▶ raw ────────────────────────────────────────────────────▶ lane
 *   cleared? ─▶ retained refused? ─▶ decode ─▶ stale? ─▶ duplicate? ─▶ lane ─▶ expired? ─▶ attempts ─▶ dead letter?
 *
 * `settle` is called exactly once, when this subscription is finished with the packet; not at all when the client
 * closes before the handler has succeeded, so that the broker sends the message again.
 */
import { crc32 } from "node:zlib";
import { type Accepted, decodeMessage, type Envelope, type Refused, type Topic } from "../contract/index.ts";
import {
  type Arrival,
  arrivedAtEpochMs,
  bury,
  createDelivery,
  type DeliverDeps,
  type Delivery,
  type Inbound,
} from "./delivery.ts";
import { hash32 } from "./duplicates.ts";
import { enqueue } from "./handle.ts";
import type { MessageKey } from "./seen.ts";

/** Under which the filter of duplicates keeps what belongs to no subscription; theirs begin at 1. */
const NO_SUBSCRIPTION = 0;

export function deliver(inbound: Inbound): void {
  const { record, arrival, settle } = inbound;
  const { topic } = record;
  if (record.intake !== undefined) {
    record.intake(arrival.packet.topic, arrival.packet.payload, arrival.packet.retain);
    settle();
  } else if (arrival.packet.cutFromBytes !== undefined) {
    refuseCut(inbound, arrival.packet.cutFromBytes);
  } else if ("raw" in topic) {
    enqueue(createDelivery(inbound), { key: arrival.packet.topic, once: undefined });
  } else {
    deliverTyped(inbound, topic);
  }
}

/** Larger than this client holds: what came is only its beginning. */
function refuseCut(inbound: Inbound, wholeBytes: number): void {
  const { record, settle, deps } = inbound;
  const { topic } = record;
  const isPrivate = !("raw" in topic) && topic.private;
  const delivery: Delivery = { ...createDelivery(inbound), isPrivate, id: "" };
  deps.meter.count("messages_refused", { topic: delivery.label, reason: "too_large" });
  const error = new Error(`a packet of ${wholeBytes} bytes is more than this client holds`);
  void bury(delivery, { reason: "too_large", error, attempts: 0 }).then(settle);
}

function deliverTyped(inbound: Inbound, topic: Topic): void {
  const { packet } = inbound.arrival;
  if (topic.delivery === "state" && packet.payload.byteLength === 0) {
    deliverCleared(inbound);
    return;
  }
  if (packet.retain && !inbound.record.handlesRetained) {
    refuseRetained(inbound, topic);
    return;
  }
  const decoded = decodeMessage(topic, packet.payload);
  if (decoded.ok) deliverDecoded(inbound, topic, decoded);
  else refuse(inbound, topic, decoded);
}

function deliverCleared(inbound: Inbound): void {
  const { record, arrival, settle } = inbound;
  if (!record.wantsCleared) {
    settle();
    return;
  }
  const params = record.paramsOf(arrival.packet.topic);
  const content = { data: undefined, params, cleared: true, error: undefined, sentAtMs: undefined };
  enqueue({ ...createDelivery(inbound), content }, { key: arrival.packet.topic, once: undefined });
}

/** A retained value where none belongs would move the robot at every start. */
function refuseRetained(inbound: Inbound, topic: Topic): void {
  const { arrival, settle, deps } = inbound;
  const { packet } = arrival;
  deps.meter.count("retained_refused", { topic: topic.name });
  // The same grave at each connect: what the broker keeps sending is buried once.
  const grave = `retained-${hash32(Buffer.from(packet.topic)).toString(16)}-${hash32(packet.payload).toString(16)}`;
  const key: MessageKey = { subscription: NO_SUBSCRIPTION, source: grave, id: "", hash: 0 };
  if (packet.payload.byteLength === 0 || isBuried(deps, { key, nowMs: arrival.atMs })) {
    settle();
    return;
  }
  const error = new Error(`a retained message on ${topic.name}, which is no state`);
  const delivery = { ...createDelivery(inbound), isPrivate: topic.private };
  void bury(delivery, { reason: "retained", error, attempts: 0, grave }).then(settle);
}

/** Whether it was buried before; from now on it was. */
function isBuried(
  { duplicates }: DeliverDeps,
  { key, nowMs }: { readonly key: MessageKey; readonly nowMs: number },
): boolean {
  const seen = duplicates?.meet(key, nowMs);
  if (seen === undefined || seen.key !== key) return seen !== undefined;
  duplicates?.end(seen, { outcome: "finished", nowMs });
  return false;
}

function refuse(inbound: Inbound, topic: Topic, { envelope, reason, problems }: Refused): void {
  const { settle, deps } = inbound;
  if (envelope?.error !== undefined && envelope.reply_to_id !== undefined) {
    // A failed reply has no data; it concerns its asker, who reads it elsewhere.
    deps.meter.count("failed_replies_skipped", { topic: topic.name });
    settle();
    return;
  }
  deps.meter.count("messages_refused", { topic: topic.name, reason });
  const said = problems.map(({ path, reason: why }) => `${path === "" ? "message" : path} ${why}`).join("; ");
  const delivery: Delivery = {
    ...createDelivery(inbound),
    isPrivate: topic.private,
    id: envelope?.id ?? "",
    source: envelope?.source ?? "",
    correlationId: envelope?.correlation_id,
  };
  void bury(delivery, { reason, error: new Error(said), attempts: 0 }).then(settle);
}

function deliverDecoded(inbound: Inbound, topic: Topic, decoded: Accepted): void {
  const { record, arrival, settle, deps } = inbound;
  const { packet } = arrival;
  const { data, envelope } = decoded;
  if (decoded.strippedKeys > 0) deps.meter.count("unknown_members_stripped", record.labels, decoded.strippedKeys);
  if (decoded.typeDiffers) deps.meter.count("type_differs", record.labels);
  if (isStale(inbound, topic, envelope)) {
    deps.meter.count("expired_inbound", record.labels);
    settle();
    return;
  }
  const params = record.paramsOf(packet.topic);
  const id = envelope?.id ?? deps.nextId();
  const source = envelope?.source ?? "";
  const key = keyOf(inbound, topic, { data, params, topic: packet.topic, id });
  if (key instanceof Error) {
    refuse(inbound, topic, {
      ok: false,
      reason: "contract",
      problems: [{ path: "", reason: `has no key: ${key.message}` }],
    });
    return;
  }
  const delivery: Delivery = {
    record,
    arrival,
    settle,
    deps,
    label: topic.name,
    isPrivate: topic.private,
    id,
    source,
    correlationId: envelope?.correlation_id,
    traceparent: envelope?.traceparent,
    expiresAtMs: expiryOf(topic, arrival),
    content: {
      data,
      params,
      cleared: false,
      error: envelope?.error,
      sentAtMs: envelope === undefined ? undefined : envelope.ts * 1_000,
    },
  };
  const isOnce =
    (topic.delivery === "event" || topic.delivery === "command") && envelope !== undefined && !packet.retain;
  const once = isOnce ? { subscription: record.number, source, id, hash: crc32(packet.payload) } : undefined;
  enqueue(delivery, { key, once });
}

/** A key function is the contract author's code: what it throws must not reach the connection. */
function keyOf({ record }: Inbound, topic: Topic, message: Parameters<Topic["key"]>[0]): string | Error {
  if (record.isControl) return message.topic;
  try {
    return topic.key(message);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Part of a 3.1.1 backlog, and too old by the sender's own clock. */
function isStale(
  { arrival, deps: { offsets, clock } }: Inbound,
  topic: Topic,
  envelope: Envelope | undefined,
): boolean {
  if (envelope === undefined || !offsets.areNeeded) return false;
  const { source } = envelope;
  const times = { sentAtMs: envelope.ts * 1_000, arrivedAtMs: arrivedAtEpochMs(arrival, clock) };
  if (!offsets.inBacklog) {
    if (!arrival.packet.retain) offsets.heard(source, { ...times, nowMs: arrival.atMs });
    return false;
  }
  if (topic.ttlMs === "none" || topic.delivery === "state") return false;
  return offsets.isStale(source, { ...times, ttlMs: topic.ttlMs });
}

/** When a handler must not start any more, counted from the arrival on our own clock. */
function expiryOf(topic: Topic, { packet, atMs }: Arrival): number {
  if (topic.delivery === "state") return Number.POSITIVE_INFINITY;
  const ttlMs = topic.ttlMs === "none" ? Number.POSITIVE_INFINITY : topic.ttlMs;
  const leftMs = packet.expirySec === undefined ? Number.POSITIVE_INFINITY : packet.expirySec * 1_000;
  return atMs + Math.min(ttlMs, leftMs);
}
