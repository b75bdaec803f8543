/**
 * Runs a handler for one message: attempts, timeout, backoff.
 *
 *   try ──resolves──▶ done
 *    │ ──throws─────▶ backoff ──▶ try … ──after the last──▶ failed
 *    └ ──timeoutMs──▶ signal aborts ──settles within 1 s──▶ as above
 *                                   └──does not──▶ hung (never tried again: two would run at a time)
 *
 * When `abort` fires (the client closes, the subscription stops) no further attempt starts: `aborted`. Nor does one after
 * the message's time to live: a late command must not run.
 */
import type { Clock } from "../clock.ts";
import { LateSignal } from "./late-signal.ts";

/** After the signal: how long a handler has to settle before it counts as hung. */
export const ABORT_GRACE_MS = 1_000;

export interface AttemptPolicy {
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
}

export type Verdict =
  | { readonly kind: "done"; readonly attempts: number }
  | { readonly kind: "failed"; readonly attempts: number; readonly error: unknown }
  | { readonly kind: "hung"; readonly attempts: number; readonly released: Promise<void> }
  | { readonly kind: "aborted" };

export interface AttemptDeps {
  readonly clock: Clock;
  readonly random: () => number;
  readonly abort: AbortSignal;
  /** Monotonic ms after which no further attempt starts. */
  readonly expiresAtMs: number;
}

type Settled =
  | { readonly kind: "done" }
  | { readonly kind: "threw"; readonly error: unknown }
  | { readonly kind: "hung"; readonly released: Promise<void> };

type Call = (attempt: number, late: LateSignal) => void | Promise<void>;

const DONE: Settled = Object.freeze({ kind: "done" });
const DONE_AT_ONCE: Verdict = Object.freeze({ kind: "done", attempts: 1 });

/**
 * A handler that succeeds without waiting for anything is done when this returns, without a promise on the way.
 *
 * @param call the handler with everything but the attempt's number and signal
 */
export function runAttempts(call: Call, policy: AttemptPolicy, deps: AttemptDeps): Verdict | Promise<Verdict> {
  if (deps.abort.aborted) return { kind: "aborted" };
  const first = tryOnce(call, { attempt: 1, timeoutMs: policy.timeoutMs }, deps);
  if (first === DONE) return DONE_AT_ONCE;
  return goOn(call, { first, policy }, deps);
}

async function goOn(
  call: Call,
  { first, policy }: { readonly first: Settled | Promise<Settled>; readonly policy: AttemptPolicy },
  deps: AttemptDeps,
): Promise<Verdict> {
  let settled = await first;
  for (let attempts = 1; ; attempts += 1) {
    if (settled.kind === "done") return { kind: "done", attempts };
    if (deps.abort.aborted) return { kind: "aborted" };
    if (settled.kind === "hung") return { kind: "hung", attempts, released: settled.released };
    if (attempts >= policy.attempts) return { kind: "failed", attempts, error: settled.error };
    const bound = Math.min(policy.maxDelayMs, policy.minDelayMs * 2 ** (attempts - 1));
    await pause(deps.random() * bound, deps);
    if (deps.abort.aborted) return { kind: "aborted" };
    if (deps.clock.nowMs() > deps.expiresAtMs) return { kind: "failed", attempts, error: settled.error };
    settled = await tryOnce(call, { attempt: attempts + 1, timeoutMs: policy.timeoutMs }, deps);
  }
}

function tryOnce(
  call: Call,
  { attempt, timeoutMs }: { readonly attempt: number; readonly timeoutMs: number },
  deps: AttemptDeps,
): Settled | Promise<Settled> {
  const late = new LateSignal();
  const running = start(call, attempt, late);
  return running instanceof Promise ? watch(running, { late, timeoutMs, deps }) : running;
}

/** Tells a handler that takes too long, or whose client closes, to stop; and gives up on one that does not. */
async function watch(
  running: Promise<Settled>,
  { late, timeoutMs, deps }: { readonly late: LateSignal; readonly timeoutMs: number; readonly deps: AttemptDeps },
): Promise<Settled> {
  const hung = Promise.withResolvers<Settled>();
  let cancel = deps.clock.setTimer(timeoutMs, () =>
    giveUpSoon(new DOMException("The handler took too long.", "TimeoutError")),
  );
  const giveUpSoon = (reason: unknown): void => {
    cancel();
    late.abort(reason);
    const released = running.then(() => undefined);
    cancel = deps.clock.setTimer(ABORT_GRACE_MS, () => hung.resolve({ kind: "hung", released }));
  };
  const onAbort = (): void => giveUpSoon(deps.abort.reason);
  // The handler may have brought it about itself (it stopped its subscription) before its first await.
  if (deps.abort.aborted) onAbort();
  else deps.abort.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([running, hung.promise]);
  } finally {
    cancel();
    deps.abort.removeEventListener("abort", onAbort);
  }
}

/** Calls a handler of either kind; what it throws becomes a value. */
function start(call: Call, attempt: number, late: LateSignal): Settled | Promise<Settled> {
  try {
    const result = call(attempt, late);
    if (!(result instanceof Object && "then" in result)) return DONE;
    return Promise.resolve(result).then(
      () => DONE,
      (error: unknown) => ({ kind: "threw", error }),
    );
  } catch (error) {
    return { kind: "threw", error };
  }
}

function pause(delayMs: number, { clock, abort }: AttemptDeps): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.setTimer(delayMs, () => {
      abort.removeEventListener("abort", onAbort);
      resolve();
    });
    const onAbort = (): void => {
      cancel();
      resolve();
    };
    abort.addEventListener("abort", onAbort, { once: true });
  });
}
