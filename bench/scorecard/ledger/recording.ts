/**
 * What the ledger judges: what two applications did, and what passed on their wires.
 *
 * A message is named by its key and its place in it (`a#17`), both of which stand in its payload, so that the names owe
 * nothing to the client under test: not its envelope ids, not its packet ids.
 */

/** `key#seq`. */
export type MessageName = string;

/** One PUBLISH or PUBACK as the link saw it, or the beginning of a session. */
export type WireEvent =
  | {
      readonly type: "connected";
      readonly connection: number;
      /** Of the CONNACK. */
      readonly sessionPresent: boolean;
    }
  | {
      readonly type: "published";
      readonly connection: number;
      readonly direction: "up" | "down";
      readonly packetId: number;
      readonly message: MessageName;
      /** The receiving socket has taken all of it. */
      readonly reached: boolean;
    }
  | {
      readonly type: "confirmed";
      readonly connection: number;
      /** Of the PUBACK itself: a PUBLISH that went up is confirmed by a PUBACK that comes down. */
      readonly direction: "up" | "down";
      readonly packetId: number;
      /** Refusals begin at 0x80; 3.1.1 has none. */
      readonly reasonCode: number;
      /** Monotonic ms, of the process that holds all links. */
      readonly atMs: number;
    };

/** One connection of a client, as its link saw it; oldest first, and one begins when the one before it has ended. */
export interface Attachment {
  readonly connection: number;
  /** Of the CONNACK; monotonic ms, as of `confirmed`. */
  readonly connectedAtMs: number;
  readonly endedAtMs: number;
  /** What the broker said, whatever the client was told. */
  readonly sessionPresent: boolean;
  /** Of the CONNECT: the client itself gave its session away. */
  readonly isCleanStart: boolean;
  /** A SUBSCRIBE went over it. */
  readonly hasSubscribed: boolean;
}

/** A message that `publish` took without throwing, as the publishing application noted it. */
export interface Accepted {
  readonly message: MessageName;
  readonly key: string;
  /** Grows by one with each message of its key. */
  readonly seq: number;
  /** Unix epoch milliseconds. */
  readonly atMs: number;
  /** Counts the lives of the publisher's process from 1. */
  readonly life: number;
  /** Survives the publisher's process: its death is no excuse. */
  readonly isDurable: boolean;
}

/** A handler's start, as the subscribing application noted it. */
export interface Handled {
  readonly message: MessageName;
  readonly key: string;
  readonly seq: number;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Counts the lives of the subscriber's process from 1. */
  readonly life: number;
}

/** The client said that it will not deliver this one. */
export interface Declared {
  readonly message: MessageName;
  readonly reason: string;
}

/** Everything there is to know about one publisher and one subscriber. */
export interface Recording {
  readonly accepted: readonly Accepted[];
  /** What the application was about to publish, more than was accepted: a process that is killed notes no more. */
  readonly offered: readonly MessageName[];
  /** Lives of the publisher that were ended by SIGKILL. */
  readonly killedLives: readonly number[];
  /** In the order of the starts. */
  readonly handled: readonly Handled[];
  readonly declared: readonly Declared[];
  readonly wires: {
    /** In the order of arrival at the publisher's link. */
    readonly publisher: readonly WireEvent[];
    readonly subscriber: readonly WireEvent[];
  };
  /** The subscriber's connections. */
  readonly attachments: readonly Attachment[];
}
