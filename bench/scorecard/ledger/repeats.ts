/**
 * What was handled again by a later life of the subscriber's process. MQTT makes that possible for what was unacknowledged when
 * the process was killed, and for nothing else. Pure.
 */
import type { Transmission, Transmissions } from "./evidence.ts";
import type { Handled, MessageName } from "./recording.ts";

/** Over all lives. */
export interface Repeats {
  /** First attempts at a message that an earlier life had begun, too. */
  readonly repeatCount: number;
  /** Those beyond the PUBLISH packets of the same message that had reached the subscriber and were never acknowledged. */
  readonly excessRepeats: readonly MessageName[];
}

/** Compares both, message by message. */
export function repeatsOf(handled: readonly Handled[], sentOn: Transmissions): Repeats {
  const lastLife = new Map<MessageName, number>();
  const repeats = new Map<MessageName, number>();
  for (const { message, life, attempt } of handled) {
    if (attempt > 1) continue;
    const last = lastLife.get(message) ?? life;
    if (last < life) repeats.set(message, (repeats.get(message) ?? 0) + 1);
    lastLife.set(message, life);
  }
  const counts = [...repeats.values()];
  return {
    repeatCount: counts.reduce((sum, count) => sum + count, 0),
    excessRepeats: [...repeats].flatMap(([message, count]) =>
      count > (sentOn.get(message) ?? []).filter(isUnacknowledged).length ? [message] : [],
    ),
  };
}

function isUnacknowledged({ reached, confirmedWith }: Transmission): boolean {
  return reached && confirmedWith === undefined;
}
