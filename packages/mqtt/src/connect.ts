import { randomInt } from "node:crypto";
import type { Client } from "./api.ts";
import { MqttBusClient } from "./client.ts";
import { ClientCore } from "./client-core.ts";
import { SYSTEM_CLOCK } from "./clock.ts";
import type { CoreDeps } from "./core-deps.ts";
import type { ConnectOptions } from "./options.ts";
import { resolveOptions } from "./resolve-options.ts";
import { openTransport } from "./transport/mqttjs-transport.ts";

const SYSTEM: CoreDeps = {
  clock: SYSTEM_CLOCK,
  random: () => randomInt(2 ** 32) / 2 ** 32,
  open: openTransport,
};

/**
 * A client that dials on the next turn of the event loop; it returns at once, so that handlers exist before the
 * first CONNACK and a persistent session's backlog is not lost.
 *
 * @throws {ConfigurationError} with every problem of the options at once.
 * @throws {StateDirectoryTakenError} when another client has the state directory open; nothing was dialled.
 */
export function connect(options: ConnectOptions): Client {
  return connectWith(options, SYSTEM);
}

/** `connect` with its clock, randomness and transport given; for tests. */
export function connectWith(options: ConnectOptions, deps: Partial<CoreDeps>): Client {
  const core = new ClientCore(resolveOptions(options), { ...SYSTEM, ...deps });
  setImmediate(() => core.start());
  return new MqttBusClient(core);
}
