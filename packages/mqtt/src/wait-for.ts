import type { Clock } from "./clock.ts";

export interface WaitSpec {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** What the wait rejects with at its deadline. */
  readonly onTimeout: () => Error;
  /** Called after a deadline or an abort has decided the wait: what it settles no longer counts. */
  readonly onGivenUp?: () => void;
}

/** Waits for a promise, at most until a deadline or an abort (which rejects with the signal's reason). */
export async function waitFor<T>(
  promise: Promise<T>,
  { clock, timeoutMs, signal, onTimeout, onGivenUp }: WaitSpec,
): Promise<T> {
  const end = Promise.withResolvers<never>();
  const giveUp = (reason: unknown): void => {
    end.reject(reason);
    onGivenUp?.();
  };
  const abort = (): void => giveUp(signal?.reason);
  if (signal?.aborted === true) abort();
  const cancel = clock.setTimer(timeoutMs, () => giveUp(onTimeout()));
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, end.promise]);
  } finally {
    cancel();
    signal?.removeEventListener("abort", abort);
  }
}
