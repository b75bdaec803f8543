/**
 * Runs the handler for one delivery: through the duplicate filter, into the lane of its key, attempt by attempt, to
 * the end that settles the packet.
 */
import { inContext } from "../context.ts";
import { runAttempts, type Verdict } from "./attempts.ts";
import { bury, type Delivery } from "./delivery.ts";
import type { MessageKey, RunOutcome, Seen } from "./duplicates.ts";

/** A hung handler blocks its key until it returns, but no longer than this. */
const ZOMBIE_AFTER_MS = 30_000;

/** Ends the run of a message, monotonic ms. */
type End = (outcome: RunOutcome, nowMs: number) => void;

/** Into the lane of its key, unless it is a duplicate: then it joins the run or is done. */
export function enqueue(
  delivery: Delivery,
  { key, once }: { readonly key: string; readonly once: MessageKey | undefined },
): void {
  const { record, arrival, settle, deps } = delivery;
  const { duplicates, meter } = deps;
  let seen: Seen | undefined;
  if (once !== undefined && duplicates !== undefined) {
    const earlier = duplicates.find(once, arrival.atMs);
    if (earlier !== undefined) {
      meter.count("duplicates_suppressed", record.labels);
      if (earlier.state === "finished") settle();
      else duplicates.join(earlier, (outcome) => (outcome === "finished" ? settle() : undefined));
      return;
    }
    seen = duplicates.begin(once, arrival.atMs);
  }
  const end: End = (outcome, nowMs) => {
    if (seen !== undefined) duplicates?.end(seen, { outcome, nowMs });
    if (outcome === "finished") settle();
  };
  record.lanes.enqueue(key, {
    run: () => handle(delivery, end),
    dropped: () => {
      meter.count("inbound_dropped", record.labels);
      end("finished", deps.clock.nowMs());
    },
  });
}

/** A handler that waits for nothing has ended when this returns, and with it everything that follows from it. */
function handle(delivery: Delivery, end: End): void | Promise<void> {
  const { record, expiresAtMs, deps } = delivery;
  const { clock, meter, loop } = deps;
  const startedAtMs = clock.nowMs();
  if (startedAtMs > expiresAtMs) {
    meter.count("expired_inbound", record.labels);
    end("finished", startedAtMs);
    return;
  }
  const verdict = runAttempts((attempt, signal) => call(delivery, { attempt, signal }), record.policy, {
    clock,
    random: deps.random,
    abort: record.stopping.signal,
    expiresAtMs,
  });
  if (verdict instanceof Promise) return outlive(delivery, { verdict, startedAtMs, end });
  const endedAtMs = clock.nowMs();
  loop.ended(delivery.arrival.packet.topic, endedAtMs);
  observe(delivery, verdict, { startedAtMs, endedAtMs });
  if (verdict.kind === "done") end("finished", endedAtMs);
  // Closing: the broker shall send it again. A stopped subscription no longer wants it.
  else end(deps.abort.aborted ? "given_up" : "finished", endedAtMs);
}

async function outlive(
  delivery: Delivery,
  run: { readonly verdict: Promise<Verdict>; readonly startedAtMs: number; readonly end: End },
): Promise<void> {
  const { clock, loop, abort } = delivery.deps;
  const leave = loop.enter(delivery.arrival.packet.topic);
  const verdict = await run.verdict;
  leave();
  const endedAtMs = clock.nowMs();
  observe(delivery, verdict, { startedAtMs: run.startedAtMs, endedAtMs });
  switch (verdict.kind) {
    case "done":
      return run.end("finished", endedAtMs);
    case "aborted":
      return run.end(abort.aborted ? "given_up" : "finished", endedAtMs);
    case "failed":
      await bury(delivery, { reason: "handler_failed", error: verdict.error, attempts: verdict.attempts });
      return run.end("finished", clock.nowMs());
    case "hung":
      await bury(delivery, { reason: "handler_hung", error: hungError(delivery), attempts: verdict.attempts });
      run.end("finished", clock.nowMs());
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
  const { clock, loop } = delivery.deps;
  const fromMs = clock.nowMs();
  try {
    return inContext({ correlationId, traceparent }, () => record.call(message, packet));
  } finally {
    loop.ran(packet.topic, { fromMs, toMs: clock.nowMs() });
  }
}

function observe(
  { record, label, id, correlationId, traceparent, arrival, deps }: Delivery,
  verdict: Verdict,
  { startedAtMs, endedAtMs }: { readonly startedAtMs: number; readonly endedAtMs: number },
): void {
  const { meter } = deps;
  if (meter.isSilent) return;
  const durationMs = endedAtMs - startedAtMs;
  meter.count("messages_handled", { topic: label, outcome: verdict.kind });
  meter.duration("handle_ms", durationMs, record.labels);
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
