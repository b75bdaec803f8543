/**
 * Brings one packet to one subscription. The order of the rules is fixed:
 *
 *   raw ─────────────────────────────────────────────────────────────────▶ lane
 *   cleared? ─▶ retained refused? ─▶ decode ─▶ stale? ─▶ duplicate? ─▶ lane ─▶ expired? ─▶ attempts ─▶ dead letter?
 *
 * `settle` is called exactly once, when this subscription is finished with the packet; not at all when the client
 * closes before the handler has succeeded, so that the broker sends the message again.
 */
import type { Clock } from "../clock.ts";
import { inContext } from "../context.ts";
import { type Accepted, decodeMessage, paramsOf, type Refused, type Topic } from "../contract/index.ts";
import type { Log } from "../log.ts";
import type { Meter } from "../meter.ts";
import type { InboundPublish } from "../transport/transport.ts";
import { runAttempts, type Verdict } from "./attempts.ts";
import type { ClockOffsets } from "./clock-offsets.ts";
import type { Deceased, DeadLetters } from "./dead-letters.ts";
import { type DuplicateFilter, hash32, type Seen } from "./duplicates.ts";
import type { SubscriptionRecord } from "./subscription.ts";

/** A hung handler blocks its key until it returns, but no longer than this. */
const ZOMBIE_AFTER_MS = 30_000;
/** A handler that keeps the event loop this long in one go is reported with its topic. */
const BLOCKED_MS = 500;

export interface Arrival {
  readonly packet: InboundPublish;
  readonly atMs: number;
  readonly atEpochMs: number;
}

export interface DeliverDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly duplicates: DuplicateFilter | undefined;
  readonly deadLetters: DeadLetters;
  readonly offsets: ClockOffsets;
  readonly nextId: () => string;
  readonly random: () => number;
  /** Fires at the drain limit of `close`. */
  readonly abort: AbortSignal;
  readonly onZombie: (topic: string) => void;
}

interface Delivery {
  readonly record: SubscriptionRecord;
  readonly arrival: Arrival;
  readonly label: string;
  readonly isPrivate: boolean;
  readonly id: string;
  readonly source: string;
  readonly correlationId: string | undefined;
  readonly traceparent: string | undefined;
  readonly expiresAtMs: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly settle: () => void;
}

export function deliver(record: SubscriptionRecord, arrival: Arrival, settle: () => void, deps: DeliverDeps): void {
  const { packet } = arrival;
  const { topic } = record;
  if (record.intake !== undefined) {
    record.intake(packet.topic, packet.payload, packet.retain);
    settle();
    return;
  }
  if ("raw" in topic) {
    const fields = { payload: new Uint8Array(packet.payload) };
    enqueue({ ...blank(record, arrival, settle, deps), fields }, packet.topic, undefined, deps);
    return;
  }
  if (topic.delivery === "state" && packet.payload.byteLength === 0) {
    deliverCleared(record, topic, arrival, settle, deps);
    return;
  }
  if (packet.retain && !record.handlesRetained) {
    refuseRetained(record, topic, arrival, settle, deps);
    return;
  }
  const decoded = decodeMessage(topic, packet.payload);
  if (decoded.ok) deliverDecoded(record, topic, decoded, arrival, settle, deps);
  else refuse(record, topic, decoded, arrival, settle, deps);
}

function deliverCleared(record: SubscriptionRecord, topic: Topic, arrival: Arrival, settle: () => void, deps: DeliverDeps): void {
  if (!record.wantsCleared) {
    settle();
    return;
  }
  const params = paramsOf(topic, arrival.packet.topic);
  const fields = { data: undefined, params, cleared: true, error: undefined, sentAtMs: undefined };
  enqueue({ ...blank(record, arrival, settle, deps), fields }, arrival.packet.topic, undefined, deps);
}

/** A retained value where none belongs would move the robot at every start. */
function refuseRetained(record: SubscriptionRecord, topic: Topic, arrival: Arrival, settle: () => void, deps: DeliverDeps): void {
  const { packet } = arrival;
  deps.meter.count("retained_refused", { topic: topic.name });
  // The same grave at each connect: what the broker keeps sending is buried once.
  const grave = `retained-${hash32(Buffer.from(packet.topic)).toString(16)}-${hash32(packet.payload).toString(16)}`;
  const seen = deps.duplicates?.find(grave, "", deps.clock.nowMs());
  if (seen !== undefined || packet.payload.byteLength === 0) {
    settle();
    return;
  }
  const mark = deps.duplicates?.begin(grave, "", deps.clock.nowMs());
  if (mark !== undefined) deps.duplicates?.end(grave, mark, "finished", deps.clock.nowMs());
  const error = new Error(`a retained message on ${topic.name}, which is no state`);
  const delivery = { ...blank(record, arrival, settle, deps), isPrivate: topic.private };
  void bury(delivery, { reason: "retained", error, attempts: 0, grave }, deps).then(settle);
}

function refuse(record: SubscriptionRecord, topic: Topic, refused: Refused, arrival: Arrival, settle: () => void, deps: DeliverDeps): void {
  const { envelope, reason, problems } = refused;
  if (envelope?.error !== undefined && envelope.reply_to_id !== undefined) {
    // A failed reply has no data; it concerns its asker, who reads it elsewhere.
    deps.meter.count("failed_replies_skipped", { topic: topic.name });
    settle();
    return;
  }
  deps.meter.count("messages_refused", { topic: topic.name, reason });
  const error = new Error(problems.map(({ path, reason: why }) => `${path === "" ? "message" : path} ${why}`).join("; "));
  const delivery: Delivery = {
    ...blank(record, arrival, settle, deps),
    isPrivate: topic.private,
    id: envelope?.id ?? "",
    source: envelope?.source ?? "",
    correlationId: envelope?.correlation_id,
  };
  void bury(delivery, { reason, error, attempts: 0 }, deps).then(settle);
}

function deliverDecoded(record: SubscriptionRecord, topic: Topic, decoded: Accepted, arrival: Arrival, settle: () => void, deps: DeliverDeps): void {
  const { packet } = arrival;
  const { envelope } = decoded;
  const labels = { topic: topic.name };
  if (decoded.strippedKeys > 0) deps.meter.count("unknown_members_stripped", labels, decoded.strippedKeys);
  if (decoded.typeDiffers) deps.meter.count("type_differs", labels);
  if (envelope !== undefined && isStale(topic, envelope.source, envelope.ts * 1_000, arrival, deps)) {
    deps.meter.count("expired_inbound", labels);
    settle();
    return;
  }
  const params = paramsOf(topic, packet.topic);
  const id = envelope?.id ?? deps.nextId();
  const key = record.isControl
    ? packet.topic
    : topic.key({ data: decoded.data, params, topic: packet.topic, id });
  const delivery: Delivery = {
    ...blank(record, arrival, settle, deps),
    label: topic.name,
    isPrivate: topic.private,
    id,
    source: envelope?.source ?? "",
    correlationId: envelope?.correlation_id,
    traceparent: envelope?.traceparent,
    expiresAtMs: expiryOf(topic, arrival),
    fields: {
      data: decoded.data,
      params,
      cleared: false,
      error: envelope?.error,
      sentAtMs: envelope === undefined ? undefined : envelope.ts * 1_000,
    },
  };
  const isOnce = (topic.delivery === "event" || topic.delivery === "command") && envelope !== undefined && !packet.retain;
  enqueue(delivery, key, isOnce ? `${id}:${hash32(packet.payload)}` : undefined, deps);
}

function blank(record: SubscriptionRecord, arrival: Arrival, settle: () => void, deps: DeliverDeps): Delivery {
  return {
    record,
    arrival,
    settle,
    label: "raw" in record.topic ? record.topic.filter : record.topic.name,
    isPrivate: false,
    id: deps.nextId(),
    source: "",
    correlationId: undefined,
    traceparent: undefined,
    expiresAtMs: Number.POSITIVE_INFINITY,
    fields: {},
  };
}

function isStale(topic: Topic, source: string, sentAtMs: number, arrival: Arrival, { offsets, clock }: DeliverDeps): boolean {
  const arrivedAtMs = arrival.atEpochMs;
  if (!offsets.inBacklog) {
    if (!arrival.packet.retain) offsets.heard(source, { sentAtMs, arrivedAtMs, nowMs: clock.nowMs() });
    return false;
  }
  return topic.ttlMs !== "none" && topic.delivery !== "state" && offsets.isStale(source, { sentAtMs, arrivedAtMs, ttlMs: topic.ttlMs });
}

/** When a handler must not start any more, counted from the arrival on our own clock. */
function expiryOf(topic: Topic, { packet, atMs }: Arrival): number {
  if (topic.delivery === "state") return Number.POSITIVE_INFINITY;
  const ttlMs = topic.ttlMs === "none" ? Number.POSITIVE_INFINITY : topic.ttlMs;
  const leftMs = packet.expirySec === undefined ? Number.POSITIVE_INFINITY : packet.expirySec * 1_000;
  return atMs + Math.min(ttlMs, leftMs);
}

/** Into the lane of its key, unless it is a duplicate: then it joins the run or is done. */
function enqueue(delivery: Delivery, key: string, onceKey: string | undefined, deps: DeliverDeps): void {
  const { record, settle, source, label } = delivery;
  const { duplicates, clock, meter } = deps;
  const scope = `${record.number}:${source}`;
  let seen: Seen | undefined;
  if (onceKey !== undefined && duplicates !== undefined) {
    const earlier = duplicates.find(scope, onceKey, clock.nowMs());
    if (earlier !== undefined) {
      meter.count("duplicates_suppressed", { topic: label });
      if (earlier.state === "finished") settle();
      else earlier.joined.push((outcome) => (outcome === "finished" ? settle() : undefined));
      return;
    }
    seen = duplicates.begin(scope, onceKey, clock.nowMs());
  }
  const end = (outcome: "finished" | "given_up"): void => {
    if (seen !== undefined) duplicates?.end(scope, seen, outcome, clock.nowMs());
    if (outcome === "finished") settle();
  };
  record.lanes.enqueue(key, {
    run: () => handle(delivery, end, deps),
    dropped: () => {
      meter.count("inbound_dropped", { topic: label });
      end("finished");
    },
  });
}

async function handle(delivery: Delivery, end: (outcome: "finished" | "given_up") => void, deps: DeliverDeps): Promise<void> {
  const { record, label, expiresAtMs } = delivery;
  const { clock, meter } = deps;
  if (clock.nowMs() > expiresAtMs) {
    meter.count("expired_inbound", { topic: label });
    end("finished");
    return;
  }
  const abort = record.stopping.signal;
  const startedAtMs = clock.nowMs();
  const verdict = await runAttempts((attempt, signal) => call(delivery, attempt, signal, deps), record.policy, {
    clock,
    random: deps.random,
    abort,
  });
  observe(delivery, verdict, startedAtMs, deps);
  switch (verdict.kind) {
    case "done":
      return end("finished");
    case "aborted":
      // Closing: the broker shall send it again. A stopped subscription no longer wants it.
      return end(deps.abort.aborted ? "given_up" : "finished");
    case "failed":
      await buryFailed(delivery, verdict, deps);
      return end("finished");
    case "hung":
      await buryHung(delivery, verdict.attempts, deps);
      end("finished");
      return outlast(delivery, verdict.released, deps);
  }
}

function call(delivery: Delivery, attempt: number, signal: AbortSignal, { clock, log, meter }: DeliverDeps): void | Promise<void> {
  const { record, arrival, fields, id, source, correlationId, traceparent, label } = delivery;
  const { packet } = arrival;
  const message = {
    ...fields,
    topic: packet.topic,
    id,
    source,
    correlationId,
    retained: packet.retain,
    redelivered: packet.dup || attempt > 1,
    attempt,
    signal,
  };
  const startedAtMs = clock.nowMs();
  try {
    return inContext({ correlationId, traceparent }, () => record.call(message, packet));
  } finally {
    const blockedMs = clock.nowMs() - startedAtMs;
    if (blockedMs >= BLOCKED_MS) {
      meter.duration("loop_blocked_ms", blockedMs, { topic: label });
      log.error({ topic: packet.topic, id, blockedMs: Math.round(blockedMs) }, "handler blocked the event loop");
    }
  }
}

function observe(delivery: Delivery, verdict: Verdict, startedAtMs: number, { clock, meter }: DeliverDeps): void {
  const { label, id, correlationId, traceparent, arrival } = delivery;
  const durationMs = clock.nowMs() - startedAtMs;
  meter.count("messages_handled", { topic: label, outcome: verdict.kind });
  meter.duration("handle_ms", durationMs, { topic: label });
  if (!meter.wantsSpans) return;
  meter.span({
    kind: "handle",
    topic: label,
    id,
    ...(correlationId !== undefined && { correlationId }),
    ...(traceparent !== undefined && { traceparent }),
    startedAtMs: arrival.atEpochMs + (startedAtMs - arrival.atMs),
    durationMs,
    outcome: verdict.kind,
  });
}

async function buryFailed(delivery: Delivery, { attempts, error }: { readonly attempts: number; readonly error: unknown }, deps: DeliverDeps): Promise<void> {
  await bury(delivery, { reason: "handler_failed", error, attempts }, deps);
}

async function buryHung(delivery: Delivery, attempts: number, deps: DeliverDeps): Promise<void> {
  const error = new Error(`the handler did not return within ${delivery.record.policy.timeoutMs} ms, nor when told to stop`);
  await bury(delivery, { reason: "handler_hung", error, attempts }, deps);
}

/** The key stays blocked until the hung handler returns, so that two never run for it at a time; not for ever. */
async function outlast({ label }: Delivery, released: Promise<void>, { clock, onZombie }: DeliverDeps): Promise<void> {
  const late = Promise.withResolvers<"late">();
  const cancel = clock.setTimer(ZOMBIE_AFTER_MS, () => late.resolve("late"));
  const first = await Promise.race([released, late.promise]);
  cancel();
  if (first === "late") onZombie(label);
}

async function bury(
  delivery: Delivery,
  cause: Pick<Deceased, "reason" | "error" | "attempts" | "grave">,
  { deadLetters, log, meter }: DeliverDeps,
): Promise<void> {
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
    arrivedAtEpochMs: arrival.atEpochMs,
    source,
    id,
    correlationId,
  });
}
