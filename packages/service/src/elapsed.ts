import type { Clock } from "./clock.ts";
import { whenAborted } from "./lifetime.ts";

/** Resolves after so many milliseconds, or as soon as the signal aborts; nothing is left of it then. */
export function elapsed(
  ms: number,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const cancel = clock.setTimer(ms, () => {
      waiting[Symbol.dispose]();
      resolve();
    });
    const waiting = whenAborted(signal, () => {
      cancel();
      resolve();
    });
  });
}
