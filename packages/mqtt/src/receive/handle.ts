/**
 * Runs the handler for one delivery: through the duplicate filter, into the lane of its key, attempt by attempt, to
 * the end that settles the packet.
 */
import { inContext, isIn } from "../context.ts";
import { inSpan, type OpenSpan } from "../open-span.ts";
import { runAttempts, type Verdict } from "./attempts.ts";
import { bury, type Delivery } from "./delivery.ts";
import { hash32 } from "./duplicates.ts";
import type { Job } from "./lanes.ts";
import type { LateSignal } from "./late-signal.ts";
import { ContractMessage, RawMessage } from "./received-message.ts";
import type { MessageKey, RunOutcome, Seen } from "./seen.ts";

/** A hung handler blocks its key until it returns, but no longer than this. */
const ZOMBIE_AFTER_MS = 30_000;

/** Into the lane of its key, unless it is a duplicate: then it joins the run or is done. */
export function enqueue(
  delivery: Delivery,
  { key, once }: { readonly key: string; readonly once: MessageKey | undefined },
): void {
  const { record, arrival, settle, deps } = delivery;
  const { duplicates, meter } = deps;
  const seen = once === undefined ? undefined : duplicates?.meet(once, arrival.atMs);
  if (seen !== undefined && seen.key !== once) {
    meter.count("duplicates_suppressed", record.labels);
    if (seen.state === "finished") settle();
    else duplicates?.join(seen, (outcome) => (outcome === "finished" ? settle() : undefined));
    return;
  }
  record.lanes.enqueue(key, new Run(delivery, { once, seen }));
}

/** The way of one message through its handler. */
class Run implements Job {
  readonly #delivery: Delivery;
  readonly #once: MessageKey | undefined;
  readonly #seen: Seen | undefined;
  /** Notes that it has ended, where a life after this one would want to know. */
  #noteEnd: (() => void) | undefined;
  /** Of all attempts together; undefined where nobody traces. */
  #span: OpenSpan | undefined;

  constructor(
    delivery: Delivery,
    { once, seen }: { readonly once: MessageKey | undefined; readonly seen: Seen | undefined },
  ) {
    this.#delivery = delivery;
    this.#once = once;
    this.#seen = seen;
  }

  dropped(): void {
    const { record, deps } = this.#delivery;
    deps.meter.count("inbound_dropped", record.labels);
    this.#end("finished", deps.clock.nowMs());
  }

  /** With a state directory, what can come again after a crash (QoS 1 of the data link) is handled under watch. */
  run(): void | Promise<void> {
    const { record, arrival, deps } = this.#delivery;
    const once = this.#once;
    if (deps.killers === undefined || once === undefined || record.isControl || arrival.packet.qos === 0)
      return this.#handle();
    // Numbers of subscriptions are of this life; their filters are not.
    const key = `${record.filter} ${once.source} ${once.id}:${once.hash}`;
    return deps.killers.guard(key, {
      handle: (ended) => {
        this.#noteEnd = ended;
        return this.#handle();
      },
      giveUp: (kills) => this.#buryKiller(key, kills),
    });
  }

  async #buryKiller(key: string, kills: number): Promise<void> {
    const { arrival, deps } = this.#delivery;
    const error = new Error(`the process ended ${kills} times while this message was being handled`);
    const grave = `killed-${hash32(Buffer.from(key)).toString(16)}-${hash32(arrival.packet.payload).toString(16)}`;
    await bury(this.#delivery, { reason: "killed_process", error, attempts: kills, grave });
    this.#end("finished", deps.clock.nowMs());
  }

  /** A handler that waits for nothing has ended when this returns, and with it everything that follows from it. */
  #handle(): void | Promise<void> {
    const { record, arrival, label, expiresAtMs, deps } = this.#delivery;
    const { clock, random, meter, loop } = deps;
    const startedAtMs = clock.nowMs();
    if (startedAtMs > expiresAtMs) {
      meter.count("expired_inbound", record.labels);
      this.#end("finished", startedAtMs);
      return;
    }
    if (meter.wantsSpans) this.#span = openSpan(this.#delivery);
    const verdict = runAttempts((attempt, late) => this.#call(attempt, late), record.policy, {
      clock,
      random,
      abort: record.stopping.signal,
      expiresAtMs,
    });
    const endedAtMs = clock.nowMs();
    loop.ran(arrival.packet.topic, { label, fromMs: startedAtMs, toMs: endedAtMs });
    if (verdict instanceof Promise) return this.#outlive(verdict, startedAtMs);
    loop.ended(arrival.packet.topic, endedAtMs);
    this.#observe(verdict, endedAtMs - startedAtMs);
    this.#end(verdict.kind === "done" ? "finished" : this.#abortedOutcome(), endedAtMs);
  }

  /** One attempt. How long its first, synchronous part held up the event loop is watched: of the first one by `#handle`. */
  #call(attempt: number, late: LateSignal): void | Promise<void> {
    if (attempt === 1) return this.#callHandler({ attempt, late });
    const { arrival, label, deps } = this.#delivery;
    const fromMs = deps.clock.nowMs();
    try {
      return this.#callHandler({ attempt, late });
    } finally {
      deps.loop.ran(arrival.packet.topic, { label, fromMs, toMs: deps.clock.nowMs() });
    }
  }

  #callHandler(attempt: { readonly attempt: number; readonly late: LateSignal }): void | Promise<void> {
    const delivery = this.#delivery;
    const span = this.#span;
    const { record, arrival, content, correlationId, traceparent } = delivery;
    const { packet } = arrival;
    const message =
      content === undefined ? new RawMessage(delivery, attempt) : new ContractMessage(delivery, content, attempt);
    const context = { correlationId, traceparent };
    if (span !== undefined) return inSpan(span, context, () => record.call(message, packet));
    if (isIn(context)) return record.call(message, packet);
    return inContext(context, () => record.call(message, packet));
  }

  async #outlive(running: Promise<Verdict>, startedAtMs: number): Promise<void> {
    const delivery = this.#delivery;
    const { clock, loop } = delivery.deps;
    const leave = loop.enter(delivery.arrival.packet.topic);
    const verdict = await running;
    leave();
    const endedAtMs = clock.nowMs();
    this.#observe(verdict, endedAtMs - startedAtMs);
    switch (verdict.kind) {
      case "done":
        return this.#end("finished", endedAtMs);
      case "aborted":
        return this.#end(this.#abortedOutcome(), endedAtMs);
      case "failed":
        await bury(delivery, { reason: "handler_failed", error: verdict.error, attempts: verdict.attempts });
        return this.#end("finished", clock.nowMs());
      case "hung":
        await bury(delivery, { reason: "handler_hung", error: hungError(delivery), attempts: verdict.attempts });
        this.#end("finished", clock.nowMs());
        return outlast(delivery, verdict.released);
    }
  }

  #observe(verdict: Verdict, durationMs: number): void {
    const { record, label, deps } = this.#delivery;
    const { meter } = deps;
    if (meter.isSilent) return;
    meter.count("messages_handled", { topic: label, outcome: verdict.kind });
    meter.duration("handle_ms", durationMs, record.labels);
    this.#span?.end({ outcome: verdict.kind, isFailure: verdict.kind === "failed" || verdict.kind === "hung" });
  }

  /** Closing: the broker shall send it again. A stopped subscription no longer wants it. */
  #abortedOutcome(): RunOutcome {
    return this.#delivery.deps.abort.aborted ? "given_up" : "finished";
  }

  #end(outcome: RunOutcome, nowMs: number): void {
    const { settle, deps } = this.#delivery;
    this.#noteEnd?.();
    if (this.#seen !== undefined) deps.duplicates?.end(this.#seen, { outcome, nowMs });
    if (outcome === "finished") settle();
  }
}

function hungError({ record }: Delivery): Error {
  return new Error(`the handler did not return within ${record.policy.timeoutMs} ms, nor when told to stop`);
}

/** Raw filters and frames of bytes have no envelope, so no trace leads to them. */
function openSpan({ record, label, id, correlationId, traceparent, deps }: Delivery): OpenSpan | undefined {
  const { topic } = record;
  if ("raw" in topic || topic.wire === "binary") return undefined;
  return deps.meter.open({ kind: "handle", topic: label, id, correlationId, traceparent });
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
