/** What a bench asks of a client: the two ends of a flow of messages. Each contestant implements it the way its users would. */
import type { BenchData, PayloadKind } from "./payload.ts";

/** Who takes part. */
export type Contestant = "ours" | "mqttjs" | "mqttjs_tuned";

/** Unacknowledged messages of a publisher, for everybody. */
export const WINDOW = 100;

export interface EndOptions {
  readonly url: string;
  readonly clientId: string;
  readonly qos: 0 | 1;
  readonly payload: PayloadKind;
}

export interface SubscriberOptions extends EndOptions {
  /** Levels below `bench/`; a `+` is a wildcard. */
  readonly lanes: readonly string[];
  /** Handled in order per `key` of the data instead of per topic; only ours knows the difference. */
  readonly isKeyed?: boolean;
}

/** A message to be published to `bench/<lane>`. */
export interface Outgoing {
  readonly lane: string;
  readonly data: BenchData;
}

/** Where a publisher that goes as fast as it can takes its messages from. */
export interface Flow {
  /** The next message; undefined at the end. */
  next(): Outgoing | undefined;
  /** Set while nobody must publish; resolves when they may again. */
  readonly held: Promise<void> | undefined;
}

export interface Publisher {
  /** One message, of whose end nobody hears. */
  publish(message: Outgoing): void;
  /** Publishes everything, as fast as the client takes it; resolves when all is confirmed (QoS 1) or handed over (QoS 0). */
  pour(flow: Flow): Promise<void>;
  /** Messages given up by the client since the start. */
  readonly lost: number;
  close(): Promise<void>;
}

export interface Subscriber {
  close(): Promise<void>;
}

/** Opens ends; both resolve when they are connected and, for a subscriber, subscribed. */
export interface Ends {
  openPublisher(options: EndOptions): Promise<Publisher>;
  openSubscriber(options: SubscriberOptions, onData: (data: BenchData) => void): Promise<Subscriber>;
}
