export { declaredRights, ownRights, type Rights, rightsOf, unite } from "./access/rights.ts";
export type { ServiceTopics } from "./access/service-topics.ts";
export { Alarm, type Clock, SYSTEM_CLOCK } from "./clock.ts";
export { type ParsedArgv, parseArgv } from "./config/argv.ts";
export { withoutCredentials } from "./config/broker-urls.ts";
export {
  type AnyDefinition,
  type ChangeRequest,
  type FileEdit,
  type PlannedChange,
  planChange,
} from "./config/change-settings.ts";
export {
  type Check,
  type ConfigDefinition,
  defineConfig,
  envNames,
  type Fields,
  fileKey,
  type Rule,
  type Values,
} from "./config/define.ts";
export { type DocumentedDefinition, renderConfigDocs } from "./config/docs.ts";
export { type Fallback, type Field, type FieldKind, field } from "./config/field.ts";
export { type ConfigFile, type FileEntry, type ParsedFile, parseConfigFile } from "./config/file.ts";
export { configPath, loadConfigFile } from "./config/load-file.ts";
export { logConfig } from "./config/log-config.ts";
export { metricsConfig } from "./config/metrics-config.ts";
export { mqttConfig } from "./config/mqtt-config.ts";
export { nameHint } from "./config/nearest.ts";
export {
  type ConfigReading,
  type Examined,
  examineConfig,
  type Origin,
  readConfig,
  type Sources,
} from "./config/read.ts";
export { rehearsalConfig } from "./config/rehearsal-config.ts";
export type { LiveSettings } from "./config/running-settings.ts";
export { readSettings, type Settings, type SettingsSources } from "./config/settings.ts";
export { tracesConfig } from "./config/traces-config.ts";
export { type Decide, type Update, updateConfigFile } from "./config/update-file.ts";
export { type Connection, connectionOf, type MqttReading } from "./connection.ts";
export { elapsed } from "./elapsed.ts";
export * from "./errors.ts";
export { EXIT, type ExitCode, exitCodeOf, isFinal } from "./exit-code.ts";
export { aborted, type Lifetime, type Service, whenAborted } from "./lifetime.ts";
export { createLog, type LogOptions, type ServiceLog } from "./log.ts";
export { Mailbox, type MailboxOptions, type Overflow } from "./mailbox.ts";
export { makeFolder } from "./make-folder.ts";
export { SERVICE_FIGURES, type ServiceFigure, type ServiceView } from "./metrics/service-figures.ts";
export { PeerWatch } from "./peer/peer-watch.ts";
export { groupReplicas, type ServicePresence } from "./replica/group-replicas.ts";
export { instanceName, LISTED_REPLICAS, listedInstances, REPLICA_MAX, replicaOf } from "./replica/instance-name.ts";
export { ENDED_WITH_ERROR, runService } from "./run-service.ts";
export {
  defineService,
  type Health,
  type Rehearsal,
  type Round,
  type ServiceDefinition,
  type ServiceDeps,
} from "./service-definition.ts";
export { STOP_DEADLINE_MS, type StartOptions, startService } from "./start-service.ts";
export { stateFolder } from "./state-folder.ts";
export { readSupervisionMessage, type SupervisionMessage } from "./supervision.ts";
export { VERSION } from "./version.ts";
export { writeWhole } from "./write-whole.ts";
