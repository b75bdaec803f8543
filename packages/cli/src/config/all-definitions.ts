import {
  type ConfigDefinition,
  logConfig,
  metricsConfig,
  mqttConfig,
  rehearsalConfig,
  tracesConfig,
} from "@ts-tars/service";
import { SERVICES } from "../services.ts";
import { tarsConfig } from "../up/tars-config.ts";

/** Every definition of settings there is: `tars` itself, what all services share, and each service's own. */
export async function allDefinitions(): Promise<readonly ConfigDefinition[]> {
  const services = await Promise.all(SERVICES.map(({ load }) => load()));
  const inOrder = services.toReversed().map(({ config }) => config);
  return [tarsConfig, mqttConfig, logConfig, metricsConfig, tracesConfig, rehearsalConfig, ...inOrder];
}
