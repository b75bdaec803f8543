import type { MessageId, PublishOptions } from "../api.ts";
import type { OutboxEntry, Outcome } from "./outbox.ts";

/** What a message may carry beyond the public options. */
export interface InternalPublishOptions extends PublishOptions {
  readonly id?: string;
  readonly replyToId?: string;
  /** Where a reply goes when the asker named another topic. */
  readonly address?: string;
  readonly correlationData?: Buffer | undefined;
  readonly onSettled?: ((outcome: Outcome, sent: "no" | "maybe") => void) | undefined;
  /** A refusal or expiry is the caller's affair, not `onUndelivered`'s. */
  readonly isInternal?: boolean;
}

/** A message that was accepted; a stream's has no place in the outbox. */
export interface Published {
  readonly id: MessageId;
  readonly entry?: OutboxEntry;
}
