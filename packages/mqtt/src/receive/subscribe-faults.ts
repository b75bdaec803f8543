import type { SubscribeOptions } from "../api.ts";
import { isValidFilter } from "../contract/index.ts";

/**
 * Refuses options with which messages would wait for ever, or would be tried for ever. Pure.
 *
 * @throws {TypeError} when the share is no name of a group.
 * @throws {RangeError} when a number is out of its range; it names the option.
 */
export function checkSubscribeOptions({ share, concurrency, timeoutMs, retry }: SubscribeOptions): void {
  if (share !== undefined && (!isValidFilter(share) || /[/+#]/.test(share))) {
    throw new TypeError(`share is ${JSON.stringify(share)}; it must be one level without / + #`);
  }
  check("concurrency", concurrency, { min: 1 });
  check("timeoutMs", timeoutMs, { min: 1 });
  check("retry.attempts", retry?.attempts, { min: 1, max: Number.MAX_SAFE_INTEGER });
  check("retry.minDelayMs", retry?.minDelayMs, { min: 0, max: Number.MAX_SAFE_INTEGER });
  check("retry.maxDelayMs", retry?.maxDelayMs, { min: 0, max: Number.MAX_SAFE_INTEGER });
}

function check(
  name: string,
  value: number | undefined,
  { min, max = Number.POSITIVE_INFINITY }: { readonly min: number; readonly max?: number },
): void {
  // Written so that NaN is refused too.
  if (value === undefined || (value >= min && value <= max)) return;
  throw new RangeError(`${name} is ${value}; it must be a number from ${min} to ${max}`);
}
