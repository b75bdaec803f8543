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

/** @param call the handler with everything but the attempt's number and signal */
export async function runAttempts(
  call: (attempt: number, signal: AbortSignal) => void | Promise<void>,
  policy: AttemptPolicy,
  deps: AttemptDeps,
): Promise<Verdict> {
  for (let attempts = 1; ; attempts += 1) {
    if (deps.abort.aborted) return { kind: "aborted" };
    const settled = await tryOnce((signal) => call(attempts, signal), policy.timeoutMs, deps);
    if (settled.kind === "done") return { kind: "done", attempts };
    if (deps.abort.aborted) return { kind: "aborted" };
    if (settled.kind === "hung") return { kind: "hung", attempts, released: settled.released };
    if (attempts >= policy.attempts) return { kind: "failed", attempts, error: settled.error };
    const bound = Math.min(policy.maxDelayMs, policy.minDelayMs * 2 ** (attempts - 1));
    await pause(deps.random() * bound, deps);
    if (!deps.abort.aborted && deps.clock.nowMs() > deps.expiresAtMs)
      return { kind: "failed", attempts, error: settled.error };
  }
}

async function tryOnce(
  call: (signal: AbortSignal) => void | Promise<void>,
  timeoutMs: number,
  deps: AttemptDeps,
): Promise<Settled> {
  const controller = new AbortController();
  const running = start(() => call(controller.signal));
  if (!(running instanceof Promise)) return running;
  const hung = Promise.withResolvers<Settled>();
  let cancel = deps.clock.setTimer(timeoutMs, () =>
    giveUpSoon(new DOMException("The handler took too long.", "TimeoutError")),
  );
  const giveUpSoon = (reason: unknown): void => {
    cancel();
    controller.abort(reason);
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
function start(call: () => void | Promise<void>): Settled | Promise<Settled> {
  try {
    const result = call();
    if (!(result instanceof Object && "then" in result)) return { kind: "done" };
    return Promise.resolve(result).then(
      () => ({ kind: "done" }),
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
