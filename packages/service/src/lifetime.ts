/** How long a service lives, as it sees it: told when to end, and telling when it works. */
export interface Lifetime {
  /**
   * Aborts when the service must end; it then finishes what it began, releases what it holds, and returns. With an `AbortError` it
   * was told to; any other reason is a fault that nobody caught.
   */
  readonly stop: AbortSignal;
  /** Says that the service is at work (its subscriptions are active). Further calls change nothing. */
  ready(): void;
}

/**
 * A service: works until `lifetime.stop` aborts, then resolves. Rejecting means an internal fault.
 *
 * The same function runs in its own process, beside others in one process, and in a test. So it never touches
 * `process`, keeps no state outside its own call, and owns its resources through the lifetime.
 */
export type Service = (lifetime: Lifetime) => Promise<void>;

/**
 * Runs `react` once when the signal aborts: at once if it already has. Disposing the result forgets it.
 */
export function whenAborted(signal: AbortSignal, react: () => void): Disposable {
  if (signal.aborted) {
    react();
    return { [Symbol.dispose]: () => undefined };
  }
  signal.addEventListener("abort", react, { once: true });
  return { [Symbol.dispose]: () => signal.removeEventListener("abort", react) };
}

/** Whether it aborted because of a fault, which may be the fault of what was being handled. */
export function endsByFault({ aborted: isAborted, reason }: AbortSignal): boolean {
  return isAborted && !(reason instanceof Error && reason.name === "AbortError");
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    whenAborted(signal, resolve);
  });
}
