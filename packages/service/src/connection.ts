import {
  type ConnectOptions,
  configFromEnv,
  ConfigurationError as MqttConfigurationError,
  Secret,
} from "@ts-tars/mqtt";
import { envNames } from "./config/define.ts";
import { mqttConfig } from "./config/mqtt-config.ts";
import type { ConfigReading } from "./config/read.ts";

/** The `mqtt` settings, read. */
export type MqttReading = ConfigReading<typeof mqttConfig.fields>;

/** What `connect` is told, or what is wrong with the settings taken together. */
export type Connection =
  | { readonly ok: true; readonly options: ConnectOptions; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Turns the `mqtt` settings into options of `connect` for one client, named after its service. The client's own reader
 * of the environment decides what the values mean together; it gets them from wherever they came, and what it says is
 * told with the name of that place. Files (authority, certificate, password) are read at each connection attempt.
 */
export function connectionOf(mqtt: MqttReading, service: string): Connection {
  const names = Object.entries(mqttConfig.fields).map(
    ([key, field]) => [key, envNames(mqttConfig, key, field)[0]] as const,
  );
  const origins: Readonly<Record<string, MqttReading["origins"]["url"]>> = mqtt.origins;
  const values: Readonly<Record<string, unknown>> = mqtt.values;
  const variables = names.flatMap(([key, name]) => variablesOf(name, values[key], origins[key]));
  const env = { MQTT_CLIENT_ID: `tars-${service}`, MQTT_SOURCE_NAME: service, ...Object.fromEntries(variables) };
  try {
    const { options, warnings } = configFromEnv(env);
    return { ok: true, options: { ...options, control: true, deadLetters: { service } }, warnings };
  } catch (error) {
    if (!(error instanceof MqttConfigurationError)) throw error;
    const places = names.flatMap(([key, name]) => placeOf(name, origins[key]));
    return { ok: false, problems: error.problems.map((problem) => withPlaces(problem, places)) };
  }
}

type Variable = readonly [name: string, value: string];

function variablesOf(
  name: string,
  value: unknown,
  origin: MqttReading["origins"]["url"] | undefined,
): readonly Variable[] {
  if (value === undefined) return [];
  if (origin?.path !== undefined) return [[`${name}_FILE`, origin.path]];
  return [[name, value instanceof Secret ? value.reveal() : String(value)]];
}

function placeOf(name: string, origin: MqttReading["origins"]["url"] | undefined): readonly Variable[] {
  return origin === undefined || origin.from === "env" || origin.from === "default" ? [] : [[name, origin.name]];
}

/** Variables that stand elsewhere are called by their place. */
function withPlaces(problem: string, places: readonly Variable[]): string {
  return places.reduce((text, [name, place]) => text.replace(new RegExp(`\\b${name}\\b`, "gu"), () => place), problem);
}
