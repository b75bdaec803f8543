export { type BrokerEar, type EarOptions, openBrokerEar } from "./broker-ear.ts";
export { watchChildren } from "./hooks/children.ts";
export { lookAtErrors, watchErrors } from "./hooks/errors.ts";
export { watchLogs } from "./hooks/logs.ts";
export { watchOutput } from "./hooks/output.ts";
export { plantedSecret, plantedWords } from "./planted.ts";
export { describeLeak, type Leak, NO_SIGHTS, SIGHT_KINDS, type Sight, type SightCounts } from "./sight.ts";
export {
  beginWatching,
  inspectAtEnd,
  inspectNow,
  isWatching,
  lookAt,
  standInWatch,
  suiteWatch,
} from "./suite-watch.ts";
export type { Watch, WatchReport } from "./watch.ts";
