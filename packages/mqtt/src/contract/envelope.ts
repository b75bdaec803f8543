/** A failure that travels with a message: on failed replies and answers. */
export interface RemoteFailure {
  readonly code: string;
  readonly message: string;
}

/** What is around `data` on the wire. Names as they are there. */
export interface Envelope {
  /** 32 hex characters from peers of ours; anything non-empty from others. */
  readonly id: string;
  readonly type: string;
  /** The sender's clock, Unix seconds. */
  readonly ts: number;
  readonly source: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** The turn this message belongs to. */
  readonly correlation_id?: string;
  /** The envelope id of the request that this answers. */
  readonly reply_to_id?: string;
  readonly error?: RemoteFailure;
  /** W3C trace context. */
  readonly traceparent?: string;
  /** The id of the dead letter that this repeats. */
  readonly replay_of?: string;
}
