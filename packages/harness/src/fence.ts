import { inspect } from "node:util";
import type { Recorder, WaitOptions } from "./recorder.ts";

/** A marker that travels behind everything sent before it. */
export interface Fence<T> extends WaitOptions {
  /** Sends the marker on the path that keeps the order. */
  readonly publish: () => unknown;
  /** Whether a recorded item is that marker. */
  readonly isMarker: (item: T) => boolean;
}

/**
 * Shows that something did *not* happen without waiting for it not to happen: sends a marker behind it and asserts that
 * of all not yet consumed only the marker arrives.
 */
export async function fence<T>(recorder: Recorder<T>, options: Fence<T>): Promise<void> {
  const before = await through(recorder, options);
  if (before.length > 0) {
    throw new Error(
      `Only the fence was expected, but before it came:\n${before.map((item) => `  ${inspect(item)}`).join("\n")}`,
    );
  }
}

/** Everything not yet consumed that arrived before the marker. */
export async function through<T>(recorder: Recorder<T>, options: Fence<T>): Promise<readonly T[]> {
  await options.publish();
  const arrived = await recorder.takeThrough(options.isMarker, options);
  return arrived.slice(0, -1);
}
