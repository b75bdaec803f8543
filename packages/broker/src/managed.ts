import { randomBytes } from "node:crypto";
import { startAedes } from "./aedes.ts";
import { createAedesStore } from "./aedes-store.ts";
import type { BrokerUser } from "./broker.ts";
import { BrokerNotInstalledError } from "./errors.ts";
import { startMosquitto } from "./mosquitto.ts";
import { findMosquitto } from "./mosquitto-program.ts";
import { type BrokerState, type SupervisedBroker, type SuperviseOptions, superviseBroker } from "./supervise.ts";

/** `auto`: Mosquitto when it is installed, else the embedded Aedes. */
export type BrokerChoice = "auto" | "mosquitto" | "embedded";

/** How a broker of one's own is run. */
export interface ManagedBrokerOptions {
  /** Default `"auto"`. */
  readonly choice?: BrokerChoice;
  /** Mosquitto's configuration, password file and store; sessions and retained messages outlive this process there. */
  readonly directory: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Adds a WebSocket listener on this port or on a free one. */
  readonly websocketPort?: number | "free";
  readonly onState?: (state: BrokerState) => void;
}

/** A supervised broker on loopback, and what lets one in. */
export interface ManagedBroker {
  readonly broker: SupervisedBroker;
  /** Drawn anew for each call; the same through all restarts. */
  readonly credentials: BrokerUser;
}

/**
 * Saving after each change rewrites the whole store and stands still meanwhile: with 20 MB queued a stop came up to 600 ms
 * late. Once a second costs at most a second of queued messages at a kill. Longer is worse than it looks: with 10 s
 * 17 of 190 questions were lost in one run of `npm run accept:storm`, with 1 s none.
 */
const SAVE_EVERY_SEC = 1;

/**
 * Starts the broker that `choice` means, on the loopback interface and behind a password only, and keeps it running.
 *
 * @throws {BrokerNotInstalledError} when Mosquitto is asked for and not there.
 * @throws {BrokerStartError} when it does not come to accept connections.
 */
export async function startManagedBroker(options: ManagedBrokerOptions): Promise<ManagedBroker> {
  const credentials = { username: "tars", password: randomBytes(24).toString("base64url") };
  const start = await pickStart(options, credentials);
  const broker = await superviseBroker({ start, ...(options.onState && { onState: options.onState }) });
  return { broker, credentials };
}

async function pickStart(options: ManagedBrokerOptions, user: BrokerUser): Promise<SuperviseOptions["start"]> {
  const { choice = "auto", directory } = options;
  const program = choice === "embedded" ? undefined : await findMosquitto();
  if (program === undefined && choice === "mosquitto") throw new BrokerNotInstalledError("mosquitto");
  const users = [user];
  if (program !== undefined) {
    const mosquitto = { users, directory, program: program.path, persistence: true, saveEverySec: SAVE_EVERY_SEC };
    return (first) => startMosquitto({ ...mosquitto, ...listenersOf(first ?? options) });
  }
  const aedes = { users, store: createAedesStore() };
  return (first) => startAedes({ ...aedes, ...listenersOf(first ?? options) });
}

type Listeners = Pick<ManagedBrokerOptions, "port" | "websocketPort">;

function listenersOf({ port, websocketPort }: { [Key in keyof Listeners]: Listeners[Key] | undefined }): Listeners {
  return { ...(port !== undefined && { port }), ...(websocketPort !== undefined && { websocketPort }) };
}
