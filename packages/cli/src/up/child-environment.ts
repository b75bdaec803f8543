/** The environment that services are started with. Pure. */
type Environment = Readonly<Record<string, string | undefined>>;

/** The broker as services and commands reach it. */
export interface BrokerAccess {
  readonly kind: string;
  /** Without credentials; of a cluster the first node. */
  readonly url: string;
  /** For commands: stands in `run.json`. */
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** For a service of this name, at a broker of our own. */
  readonly credentialsOf: (service: string) => { readonly username: string; readonly password: string };
  /**
   * Somebody else's broker: its URL as it was configured, with credentials and all nodes. Undefined for a broker of our
   * own: what the user configured for another one must not reach the services then.
   */
  readonly configuredUrl: string | undefined;
}

/** One client has one id and one name: given to all services, they would take the connection from each other. */
const OF_ONE_CLIENT = ["MQTT_CLIENT_ID", "MQTT_SOURCE_NAME"];

/** What belongs to another broker than our own. */
const OF_ANOTHER_BROKER = ["MQTT_PASSWORD_FILE", "MQTT_CA_FILE", "MQTT_CERT_FILE", "MQTT_KEY_FILE"];

/** The user's environment, with this service's way to the broker. */
export function childEnvironment(env: Environment, access: BrokerAccess, service: string): Environment {
  const { kind, url, configuredUrl } = access;
  const dropped = configuredUrl === undefined ? [...OF_ONE_CLIENT, ...OF_ANOTHER_BROKER] : OF_ONE_CLIENT;
  const passed = Object.entries(env).filter(([name]) => !dropped.includes(name));
  // Who is who in the traces, unless somebody says otherwise.
  const kept = { OTEL_SERVICE_NAME: service, ...Object.fromEntries(passed) };
  if (configuredUrl !== undefined) return { ...kept, MQTT_URL: configuredUrl };
  const { username, password } = access.credentialsOf(service);
  return {
    ...kept,
    MQTT_URL: url,
    MQTT_USERNAME: username,
    MQTT_PASSWORD: password,
    // The embedded broker speaks nothing else; asking for 5 first would cost each service a connection.
    MQTT_PROTOCOL: kind === "aedes" ? "3.1.1" : (env["MQTT_PROTOCOL"] ?? ""),
  };
}

/**
 * The port at which each service is to show its figures: the one that was asked for and those behind it, by the service's place among
 * all, so that it stays the same whoever is left out. Empty, which counts as unset, where none was asked for.
 */
export function metricsPort(asked: number | undefined, place: number): string {
  if (asked === undefined) return "";
  // 0: any free one.
  return String(asked === 0 ? 0 : asked + place);
}

/** What is wrong with such a port; undefined: nothing. */
export function metricsPortProblem(asked: number | undefined, places: number): string | undefined {
  const lastPort = 65_535;
  if (asked === undefined || asked + places - 1 <= lastPort) return undefined;
  return `Figures at port ${asked} and those behind it: there are ${places} services, so it must be at most ${lastPort - places + 1}.`;
}

/** Variables that were set and are not handed on. */
export function droppedVariables(env: Environment): readonly string[] {
  return OF_ONE_CLIENT.filter((name) => (env[name] ?? "").trim() !== "");
}
