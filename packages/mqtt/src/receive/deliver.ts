/**
 * Brings one packet to one subscription. The order of the rules is fixed:
 *
 *   too large? ─▶ raw ────────────────────────────────────────────────────▶ lane
 *   cleared? ─▶ retained refused? ─▶ decode ─▶ stale? ─▶ duplicate? ─▶ lane ─▶ expired? ─▶ attempts ─▶ dead letter?
 *
 * `settle` is called exactly once, when this subscription is finished with the packet; not at all when the client
 * closes before the handler has succeeded, so that the broker sends the message again.
 */
import { type Accepted, decodeMessage, paramsOf, type Refused, type Topic } from "../contract/index.ts";
import { type Arrival, bury, createDelivery, type Delivery, type Inbound } from "./delivery.ts";
import { hash32 } from "./duplicates.ts";
import { enqueue } from "./handle.ts";

/** An inbound packet whose subscription has a contract. */
type Typed = Inbound & { readonly topic: Topic };

export function deliver(inbound: Inbound): void {
  const { record, arrival, settle } = inbound;
  const { topic } = record;
  if (record.intake !== undefined) {
    record.intake(arrival.packet.topic, arrival.packet.payload, arrival.packet.retain);
    settle();
  } else if (arrival.packet.cutFromBytes !== undefined) {
    refuseCut(inbound, arrival.packet.cutFromBytes);
  } else if ("raw" in topic) {
    const fields = { payload: new Uint8Array(arrival.packet.payload) };
    enqueue({ ...createDelivery(inbound), fields }, { key: arrival.packet.topic, onceKey: undefined });
  } else {
    deliverTyped({ ...inbound, topic });
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

function deliverTyped(inbound: Typed): void {
  const { record, topic, arrival } = inbound;
  const { packet } = arrival;
  if (topic.delivery === "state" && packet.payload.byteLength === 0) {
    deliverCleared(inbound);
    return;
  }
  if (packet.retain && !record.handlesRetained) {
    refuseRetained(inbound);
    return;
  }
  const decoded = decodeMessage(topic, packet.payload);
  if (decoded.ok) deliverDecoded(inbound, decoded);
  else refuse(inbound, decoded);
}

function deliverCleared(inbound: Typed): void {
  const { record, topic, arrival, settle } = inbound;
  if (!record.wantsCleared) {
    settle();
    return;
  }
  const params = paramsOf(topic, arrival.packet.topic);
  const fields = { data: undefined, params, cleared: true, error: undefined, sentAtMs: undefined };
  enqueue({ ...createDelivery(inbound), fields }, { key: arrival.packet.topic, onceKey: undefined });
}

/** A retained value where none belongs would move the robot at every start. */
function refuseRetained(inbound: Typed): void {
  const { topic, arrival, settle, deps } = inbound;
  const { packet } = arrival;
  deps.meter.count("retained_refused", { topic: topic.name });
  // The same grave at each connect: what the broker keeps sending is buried once.
  const grave = `retained-${hash32(Buffer.from(packet.topic)).toString(16)}-${hash32(packet.payload).toString(16)}`;
  const isBuried = deps.duplicates?.find(grave, "", deps.clock.nowMs()) !== undefined;
  if (isBuried || packet.payload.byteLength === 0) {
    settle();
    return;
  }
  const mark = deps.duplicates?.begin(grave, "", deps.clock.nowMs());
  if (mark !== undefined) deps.duplicates?.end(mark, { outcome: "finished", nowMs: deps.clock.nowMs() });
  const error = new Error(`a retained message on ${topic.name}, which is no state`);
  const delivery = { ...createDelivery(inbound), isPrivate: topic.private };
  void bury(delivery, { reason: "retained", error, attempts: 0, grave }).then(settle);
}

function refuse(inbound: Typed, { envelope, reason, problems }: Refused): void {
  const { topic, settle, deps } = inbound;
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

function deliverDecoded(inbound: Typed, decoded: Accepted): void {
  const { topic, arrival, settle, deps } = inbound;
  const { packet } = arrival;
  const { envelope } = decoded;
  const labels = { topic: topic.name };
  if (decoded.strippedKeys > 0) deps.meter.count("unknown_members_stripped", labels, decoded.strippedKeys);
  if (decoded.typeDiffers) deps.meter.count("type_differs", labels);
  if (isStale(inbound, decoded)) {
    deps.meter.count("expired_inbound", labels);
    settle();
    return;
  }
  const delivery = describeDelivery(inbound, decoded);
  const key = keyOf(inbound, {
    data: decoded.data,
    params: paramsOf(topic, packet.topic),
    topic: packet.topic,
    id: delivery.id,
  });
  if (key instanceof Error) {
    refuse(inbound, { ok: false, reason: "contract", problems: [{ path: "", reason: `has no key: ${key.message}` }] });
    return;
  }
  const isOnce =
    (topic.delivery === "event" || topic.delivery === "command") && envelope !== undefined && !packet.retain;
  enqueue(delivery, { key, onceKey: isOnce ? `${delivery.id}:${hash32(packet.payload)}` : undefined });
}

function describeDelivery(inbound: Typed, { data, envelope }: Accepted): Delivery {
  const { topic, arrival } = inbound;
  const plain = createDelivery(inbound);
  return {
    ...plain,
    label: topic.name,
    isPrivate: topic.private,
    id: envelope?.id ?? plain.id,
    source: envelope?.source ?? "",
    correlationId: envelope?.correlation_id,
    traceparent: envelope?.traceparent,
    expiresAtMs: expiryOf(topic, arrival),
    fields: {
      data,
      params: paramsOf(topic, arrival.packet.topic),
      cleared: false,
      error: envelope?.error,
      sentAtMs: envelope === undefined ? undefined : envelope.ts * 1_000,
    },
  };
}

/** A key function is the contract author's code: what it throws must not reach the connection. */
function keyOf({ record, topic }: Typed, message: Parameters<Topic["key"]>[0]): string | Error {
  if (record.isControl) return message.topic;
  try {
    return topic.key(message);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Part of a 3.1.1 backlog, and too old by the sender's own clock. */
function isStale({ topic, arrival, deps: { offsets, clock } }: Typed, { envelope }: Accepted): boolean {
  if (envelope === undefined) return false;
  const { source } = envelope;
  const times = { sentAtMs: envelope.ts * 1_000, arrivedAtMs: arrival.atEpochMs };
  if (!offsets.inBacklog) {
    if (!arrival.packet.retain) offsets.heard(source, { ...times, nowMs: clock.nowMs() });
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
