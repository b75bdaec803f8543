import { randomBytes } from "node:crypto";
import type { AccessRule } from "./access-rules.ts";
import { startAedes } from "./aedes.ts";
import type { RefusedPublish } from "./aedes-gatekeeper.ts";
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
  /** Who may connect and what each may do, by distinct names. Default: one user, `tars`, who may do everything. */
  readonly users?: readonly AccessRule[];
  readonly onState?: (state: BrokerState) => void;
  /** The embedded broker's word of each message that its sender had no right to publish; Mosquitto tells the sender. */
  readonly onRefused?: (refused: RefusedPublish) => void;
}

/** A supervised broker on loopback, and what lets one in. */
export interface ManagedBroker {
  readonly broker: SupervisedBroker;
  /**
   * What lets this user in: drawn anew for each call, the same through all restarts. Default: `tars`, the only one
   * where nothing else was said.
   *
   * @throws {RangeError} when there is no such user.
   */
  readonly credentialsOf: (username?: string) => Credentials;
}

/** A name and its password. */
export type Credentials = Pick<BrokerUser, "username" | "password">;

/** Who may do everything, where nothing else was said. */
const OWNER: AccessRule = { username: "tars" };

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
  const rules = options.users ?? [OWNER];
  const users = rules.map((rule) => ({ ...rule, password: randomBytes(24).toString("base64url") }));
  const start = await pickStart(options, users);
  const broker = await superviseBroker({ start, ...(options.onState && { onState: options.onState }) });
  return { broker, credentialsOf: (username = OWNER.username) => credentialsIn(users, username) };
}

function credentialsIn(users: readonly BrokerUser[], wanted: string): Credentials {
  const found = users.find(({ username }) => username === wanted);
  if (found === undefined) throw new RangeError(`The broker has no user "${wanted}".`);
  return { username: found.username, password: found.password };
}

async function pickStart(
  options: ManagedBrokerOptions,
  users: readonly BrokerUser[],
): Promise<SuperviseOptions["start"]> {
  const { choice = "auto", directory } = options;
  const program = choice === "embedded" ? undefined : await findMosquitto();
  if (program === undefined && choice === "mosquitto") throw new BrokerNotInstalledError("mosquitto");
  if (program !== undefined) {
    const mosquitto = { users, directory, program: program.path, persistence: true, saveEverySec: SAVE_EVERY_SEC };
    return (first) => startMosquitto({ ...mosquitto, ...listenersOf(first ?? options) });
  }
  const { onRefused } = options;
  const aedes = { users, store: createAedesStore(), ...(onRefused && { onRefused }) };
  return (first) => startAedes({ ...aedes, ...listenersOf(first ?? options) });
}

type Listeners = Pick<ManagedBrokerOptions, "port" | "websocketPort">;

function listenersOf({ port, websocketPort }: { [Key in keyof Listeners]: Listeners[Key] | undefined }): Listeners {
  return { ...(port !== undefined && { port }), ...(websocketPort !== undefined && { websocketPort }) };
}
