/**
 * The only file of tests and harness with a timer (besides the link's scheduler). Nothing here waits for its own sake:
 * each call waits for an observation and, when it does not come in time, says what was seen instead.
 */

/** What did not happen in time, and what was seen instead. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/** Generous: it decides how long a broken test takes to fail, never how long a good one takes. */
export const DEFAULT_DEADLINE_MS = 10_000;

/** The promise's own outcome, or a `DeadlineError` with `describe()` in it after `ms`. */
export async function within<T>(
  ms: number,
  promise: PromiseLike<T>,
  describe: () => string = () => "the promise is pending",
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DeadlineError(`Not within ${ms} ms: ${describe()}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** How long and how to wait. */
export interface UntilOptions {
  readonly deadlineMs?: number;
  /** What to print when it does not come true. */
  readonly describe?: () => string;
}

/** Looked at so often; short against every deadline, long against a look. */
const LOOK_EVERY_MS = 5;

/**
 * For states that announce nothing: looks until `look` gives something other than `undefined`, `null` or `false`.
 * Where something announces the change, wait for that instead.
 */
export async function until<T>(
  look: () => T | PromiseLike<T>,
  options: UntilOptions = {},
): Promise<Exclude<T, undefined | null | false>> {
  const { deadlineMs = DEFAULT_DEADLINE_MS, describe = () => `${look} stayed false` } = options;
  const lastLookAtMs = performance.now() + deadlineMs;
  for (;;) {
    const seen = await look();
    if (isSomething(seen)) return seen;
    if (performance.now() >= lastLookAtMs) throw new DeadlineError(`Not within ${deadlineMs} ms: ${describe()}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function isSomething<T>(seen: T): seen is Exclude<T, undefined | null | false> {
  return seen !== undefined && seen !== null && seen !== false;
}
