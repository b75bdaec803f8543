import { findMosquitto } from "@ts-tars/broker";
import { openBroker as openHarnessBroker, type TestBroker, type TestBrokerOptions } from "@ts-tars/harness";

export type { TestBroker };

/** Which broker, and in which variant. */
export interface BrokerOptions extends Omit<TestBrokerOptions, "kind" | "unheard"> {
  /**
   * `"mosquitto"` (default) is what most people run, and has to be installed. `"aedes"` is embedded and needs nothing, but speaks
   * MQTT 3.1.1 only, has no TLS and cannot be paused. `"any"` takes Mosquitto where it is installed and Aedes elsewhere; `kind` of the
   * broker says which one it became.
   */
  readonly kind?: TestBrokerOptions["kind"] | "any";
}

/**
 * Starts a broker of this test's own on a free loopback port; resolves when it accepts connections. Disposing it ends it and removes
 * its files.
 *
 * @throws {BrokerNotInstalledError} when Mosquitto is wanted and missing; the message is the command that installs it.
 * @throws {BrokerStartError} when it does not come up; the message holds its last log lines.
 */
export async function openBroker({ kind = "mosquitto", ...variant }: BrokerOptions = {}): Promise<TestBroker> {
  return openHarnessBroker({ ...variant, kind: kind === "any" ? await kindHere(findMosquitto) : kind });
}

/** Which one `"any"` becomes, when this is how Mosquitto is looked for. */
export async function kindHere(find: typeof findMosquitto): Promise<"mosquitto" | "aedes"> {
  return (await find()) === undefined ? "aedes" : "mosquitto";
}
