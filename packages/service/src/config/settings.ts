import type { ConnectOptions } from "@ts-tars/mqtt";
import { connectionOf, type MqttReading } from "../connection.ts";
import { ConfigurationError } from "../errors.ts";
import { instanceName } from "../replica/instance-name.ts";
import { sharing } from "../replica/share-requests.ts";
import { parseArgv } from "./argv.ts";
import type { ConfigDefinition, Fields } from "./define.ts";
import type { ConfigFile } from "./file.ts";
import { loadConfigFile } from "./load-file.ts";
import { type LogLevel, logConfig, logLevelOf } from "./log-config.ts";
import { metricsConfig } from "./metrics-config.ts";
import { mqttConfig } from "./mqtt-config.ts";
import { type ConfigReading, examineConfig, type Sources } from "./read.ts";
import { rehearsalConfig } from "./rehearsal-config.ts";
import { tracesConfig } from "./traces-config.ts";

/** Everything a service process is told: its own settings, how it reaches the broker, what it logs. */
export interface Settings<F extends Fields> {
  /** What this process is called: as the service, or as a replica of it (`llm-worker.2`). */
  readonly instance: string;
  /** The group in which this process shares the requests of its service with other replicas; undefined: it does not. */
  readonly share: string | undefined;
  readonly service: ConfigReading<F>;
  readonly mqtt: MqttReading;
  /** What follows from `mqtt` for this service's client; presence is still to be added. */
  readonly connection: ConnectOptions;
  readonly log: ConfigReading<typeof logConfig.fields>;
  readonly metrics: ConfigReading<typeof metricsConfig.fields>;
  readonly traces: ConfigReading<typeof tracesConfig.fields>;
  readonly rehearsal: ConfigReading<typeof rehearsalConfig.fields>;
  /** What this service logs: its own setting, else that of all. */
  readonly logLevel: LogLevel;
  /** Where `service` was read from. */
  readonly sources: Sources & { readonly file: ConfigFile };
  /** Of all of them, and of the file. */
  readonly warnings: readonly string[];
}

/** Where a process looks for its settings. */
export interface SettingsSources {
  readonly argv?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readText?: (path: string) => string;
}

/** Whose settings they are. */
interface Whose<F extends Fields> {
  readonly name: string;
  readonly config: ConfigDefinition<F>;
  readonly sharesRequests?: boolean;
}

/**
 * Reads a service's settings from the command line, the environment and the configuration file.
 *
 * @throws {ConfigurationError} with the problems of all of them at once.
 */
export function readSettings<F extends Fields>(
  { name, config: definition, sharesRequests = false }: Whose<F>,
  { argv = [], env, readText }: SettingsSources,
): Settings<F> {
  const { file, problems: ofFile } = loadConfigFile(env);
  const { flags, problems: ofFlags } = parseArgv(argv, [
    definition,
    mqttConfig,
    logConfig,
    metricsConfig,
    tracesConfig,
    rehearsalConfig,
  ]);
  const sources = (section: string): Settings<F>["sources"] => ({
    flags: flags.get(section) ?? {},
    env,
    file,
    ...(readText && { readText }),
  });
  const service = examineConfig(definition, sources(definition.name));
  const mqtt = examineConfig(mqttConfig, sources(mqttConfig.name));
  const log = examineConfig(logConfig, sources(logConfig.name));
  const metrics = examineConfig(metricsConfig, sources(metricsConfig.name));
  const traces = examineConfig(tracesConfig, sources(tracesConfig.name));
  const rehearsal = examineConfig(rehearsalConfig, sources(rehearsalConfig.name));
  const replica = mqtt.ok ? mqtt.reading.values.replica : undefined;
  const instance = instanceName(name, replica);
  const share = sharesRequests && replica !== undefined ? name : undefined;
  const own = mqtt.ok ? connectionOf(mqtt.reading, instance) : undefined;
  const connection = own === undefined || share === undefined ? own : sharing(own);
  const problems = [
    ...ofFlags,
    ...ofFile,
    ...[service, mqtt, log, metrics, traces, rehearsal].flatMap((part) => (part.ok ? [] : part.problems)),
    ...(connection?.ok === false ? connection.problems : []),
  ];
  if (problems.length > 0 || !service.ok || !mqtt.ok || !connection?.ok) throw new ConfigurationError(problems);
  if (!log.ok || !metrics.ok || !traces.ok || !rehearsal.ok) throw new ConfigurationError(problems);
  const warnings = [service, mqtt, log, metrics, traces, rehearsal, connection].flatMap((part) => part.warnings);
  return {
    ...{ instance, share },
    ...{ service: service.reading, mqtt: mqtt.reading, log: log.reading },
    ...{ metrics: metrics.reading, traces: traces.reading, rehearsal: rehearsal.reading },
    ...{ connection: connection.options, warnings },
    logLevel: logLevelOf(service.reading, log.reading),
    sources: sources(definition.name),
  };
}
