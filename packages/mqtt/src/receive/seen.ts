/** What the filter of duplicates remembers of a message. */

/** One message of one source, as one subscription sees it. */
export interface MessageKey {
  readonly subscription: number;
  readonly source: string;
  readonly id: string;
  readonly hash: number;
}

/** `given_up`: the message was not acknowledged and shall come again. */
export type RunOutcome = "finished" | "given_up";

/** A message that came, and how far it is. */
export interface Seen {
  readonly key: MessageKey;
  state: "running" | "finished";
  atMs: number;
  /** Duplicates that are told when this run has ended. */
  joined: ((outcome: RunOutcome) => void)[] | undefined;
}
