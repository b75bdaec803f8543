/**
 * Runs the handler for one delivery: through the duplicate filter, into the lane of its key, attempt by attempt, to
 * the end that settles the packet.
 */
import { inContext } from "../context.ts";
import { runAttempts, type Verdict } from "./attempts.ts";
import { bury, type Delivery } from "./delivery.ts";
import { hash32, type Seen } from "./duplicates.ts";

/** A hung handler blocks its key until it returns, but no longer than this. */
const ZOMBIE_AFTER_MS = 30_000;
/** Into the lane of its key, unless it is a duplicate: then it joins the run or is done. */
export function enqueue(
  delivery: Delivery,
  { key, onceKey }: { readonly key: string; readonly onceKey: string | undefined },
): void {
  const { record, settle, source, label } = delivery;
  const { duplicates, clock, meter } = delivery.deps;
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
  const end: End = (outcome) => {
    if (seen !== undefined) duplicates?.end(seen, { outcome, nowMs: clock.nowMs() });
    if (outcome === "finished") settle();
  };
  record.lanes.enqueue(key, {
    run: () => start(delivery, { onceKey, end }),
    dropped: () => {
      meter.count("inbound_dropped", { topic: label });
      end("finished");
    },
  });
}

type End = (outcome: "finished" | "given_up") => void;

/** With a state directory, what can come again after a crash (QoS 1 of the data link) is handled under watch. */
function start(
  delivery: Delivery,
  { onceKey, end }: { readonly onceKey: string | undefined; readonly end: End },
): Promise<void> {
  const { record, arrival, source, deps } = delivery;
  const { packet } = arrival;
  if (deps.killers === undefined || onceKey === undefined || record.isControl || packet.qos === 0)
    return handle(delivery, end);
  // Numbers of subscriptions are of this life; their filters are not.
  const key = `${record.filter} ${source} ${onceKey}`;
  return deps.killers.guard(key, {
    handle: (ended) =>
      handle(delivery, (outcome) => {
        ended();
        end(outcome);
      }),
    giveUp: async (kills) => {
      const error = new Error(`the process ended ${kills} times while this message was being handled`);
      const grave = `killed-${hash32(Buffer.from(key)).toString(16)}-${hash32(packet.payload).toString(16)}`;
      await bury(delivery, { reason: "killed_process", error, attempts: kills, grave });
      end("finished");
    },
  });
}

async function handle(delivery: Delivery, end: End): Promise<void> {
  const { record, label, expiresAtMs, deps } = delivery;
  const { clock, meter } = deps;
  if (clock.nowMs() > expiresAtMs) {
    meter.count("expired_inbound", { topic: label });
    end("finished");
    return;
  }
  const startedAtMs = clock.nowMs();
  const leave = deps.loop.enter(delivery.arrival.packet.topic);
  const verdict = await runAttempts((attempt, signal) => call(delivery, { attempt, signal }), record.policy, {
    clock,
    random: deps.random,
    abort: record.stopping.signal,
    expiresAtMs,
  });
  leave();
  observe(delivery, verdict, startedAtMs);
  switch (verdict.kind) {
    case "done":
      return end("finished");
    case "aborted":
      // Closing: the broker shall send it again. A stopped subscription no longer wants it.
      return end(deps.abort.aborted ? "given_up" : "finished");
    case "failed":
      await bury(delivery, { reason: "handler_failed", error: verdict.error, attempts: verdict.attempts });
      return end("finished");
    case "hung":
      await bury(delivery, { reason: "handler_hung", error: hungError(delivery), attempts: verdict.attempts });
      end("finished");
      return outlast(delivery, verdict.released);
  }
}

function hungError({ record }: Delivery): Error {
  return new Error(`the handler did not return within ${record.policy.timeoutMs} ms, nor when told to stop`);
}

function call(
  delivery: Delivery,
  { attempt, signal }: { readonly attempt: number; readonly signal: AbortSignal },
): void | Promise<void> {
  const { record, arrival, fields, id, source, correlationId, traceparent } = delivery;
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
  return delivery.deps.loop.timed(packet.topic, () =>
    inContext({ correlationId, traceparent }, () => record.call(message, packet)),
  );
}

function observe(delivery: Delivery, verdict: Verdict, startedAtMs: number): void {
  const { label, id, correlationId, traceparent, arrival, deps } = delivery;
  const { clock, meter } = deps;
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

/** The key stays blocked until the hung handler returns, so that two never run for it at a time; not for ever. */
async function outlast({ record, label, deps }: Delivery, released: Promise<void>): Promise<void> {
  const { signal } = record.stopping;
  const given = Promise.withResolvers<"late" | "stopped">();
  const cancel = deps.clock.setTimer(ZOMBIE_AFTER_MS, () => given.resolve("late"));
  const onStop = (): void => given.resolve("stopped");
  signal.addEventListener("abort", onStop, { once: true });
  if (signal.aborted) onStop();
  const first = await Promise.race([released, given.promise]);
  cancel();
  signal.removeEventListener("abort", onStop);
  if (first === "late") deps.onZombie(label);
}
