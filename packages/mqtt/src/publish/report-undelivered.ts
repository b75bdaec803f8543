import type { Undelivered } from "../api.ts";
import type { Priority } from "../contract/index.ts";
import type { Log } from "../log.ts";
import type { Meter } from "../meter.ts";
import type { ResolvedOptions } from "../resolve-options.ts";
import type { Outcome } from "./outbox.ts";

/** A message that was accepted, as those who hear of its end know it. */
export interface EndedMessage {
  readonly id: string;
  /** Where it was to go. */
  readonly address: string;
  readonly topic: { readonly name: string; readonly priority: Priority };
}

/** Tells whoever listens, the counter and the log that an accepted message has ended unconfirmed. */
export function reportUndelivered(
  { id, address, topic }: EndedMessage,
  { reason, reasonCode }: Outcome & { readonly kind: "undelivered" },
  { meter, log, options }: { readonly meter: Meter; readonly log: Log; readonly options: ResolvedOptions },
): void {
  const undelivered: Undelivered = { id, topic: address, reason, ...(reasonCode !== undefined && { reasonCode }) };
  meter.count("undelivered", { topic: topic.name, reason });
  // The next value of a state stands for the last one; all others are worth a line.
  const level = reason === "superseded" ? "debug" : topic.priority === "high" ? "error" : "warn";
  // A stop that did not go out is said aloud, whoever else is told.
  if (options.onUndelivered === undefined || topic.priority === "high") {
    log[level]({ ...undelivered }, "message undelivered");
  }
  try {
    options.onUndelivered?.(undelivered);
  } catch (error) {
    log.error({ err: error }, "onUndelivered threw");
  }
}
