import type { AccessRule } from "./access-rules.ts";

/** A running broker. It ends once: by `stop`, by `kill`, or by itself; `exited` tells which. */
export interface Broker {
  readonly kind: "mosquitto" | "aedes";
  /** `mqtt://host:port` or `mqtts://host:port`, without credentials. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Set when a WebSocket listener was asked for. */
  readonly websocketPort: number | undefined;
  /** `ws://host:port/mqtt` or `wss://…`, without credentials. */
  readonly websocketUrl: string | undefined;
  /** The broker's own process; undefined when it runs inside this one. */
  readonly pid: number | undefined;
  /** Resolves when the broker has ended, however that came about; never rejects. */
  readonly exited: Promise<BrokerExit>;
  /** Orderly end: what is stored is written, clients see their connections close. Idempotent, never throws. */
  stop(): Promise<BrokerExit>;
  /** The end a crash would make: nothing is written any more. Idempotent, never throws. */
  kill(): Promise<BrokerExit>;
}

/** How a broker ended. */
export interface BrokerExit {
  /** Whether `stop` or `kill` was called before. */
  readonly requested: boolean;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The broker's last log lines, oldest first; empty for the embedded one. */
  readonly lastLines: readonly string[];
}

/** A name and password that clients have to present, and what they may do then; without `rights` everything. */
export interface BrokerUser extends AccessRule {
  readonly password: string;
}
