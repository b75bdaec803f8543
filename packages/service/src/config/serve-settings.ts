import { type ConfigSetReply, configCurrent, configSchema, configSet } from "@ts-tars/contracts";
import type { Client, Log } from "@ts-tars/mqtt";
import { isSameValue, type PlannedChange, planChange } from "./change-settings.ts";
import { type ConfigDefinition, type Fields, fileKey } from "./define.ts";
import { LOG_LEVEL_KEY, logConfig } from "./log-config.ts";
import { metricsConfig } from "./metrics-config.ts";
import { mqttConfig } from "./mqtt-config.ts";
import { type FieldReadings, readFields } from "./read.ts";
import { rehearsalConfig } from "./rehearsal-config.ts";
import type { RunningSettings } from "./running-settings.ts";
import type { Settings } from "./settings.ts";
import { currentOf, schemaOf, type ToldSection, toldKey } from "./show-settings.ts";
import { tracesConfig } from "./traces-config.ts";
import { updateConfigFile } from "./update-file.ts";

/** Whose settings are served, and to whom. */
export interface ServedSettings<F extends Fields> {
  /** As on `system/health/{service}`. */
  readonly name: string;
  readonly definition: ConfigDefinition<F>;
  /** As they were read at the start. */
  readonly settings: Settings<F>;
  readonly running: RunningSettings<F>;
  readonly client: Client;
  readonly log: Log;
  readonly boot: string;
}

/** Longer than a change may wait for others that change the same file. */
const HANDLER_LIMIT_MS = 15_000;

const MQTT: ToldSection = { definition: mqttConfig, isShared: true };
const LOG: ToldSection = { definition: logConfig, isShared: true };
const METRICS: ToldSection = { definition: metricsConfig, isShared: true };
const TRACES: ToldSection = { definition: tracesConfig, isShared: true };
const REHEARSAL: ToldSection = { definition: rehearsalConfig, isShared: true };
/** What all services have beside their own. */
const SHARED = [MQTT, LOG, METRICS, TRACES, REHEARSAL];

/**
 * Tells what the service's settings are (`config/{service}/schema`, `…/current`), and takes changes of them (`…/set`), until the
 * client is closed. A change is checked, saved in the configuration file, and then in effect; or nothing is changed.
 */
export function serveSettings<F extends Fields>({ client, boot, ...served }: ServedSettings<F>): void {
  const { name, definition, settings, running, log } = served;
  const service = { service: name };
  const own: ToldSection = { definition, isShared: false };
  const { file } = settings.sources;
  let saved = readFields(definition, settings.sources);

  client.keep(configSchema.at(service), () => ({ boot, schema: schemaOf([own, ...SHARED]) }));
  const current = client.keep(configCurrent.at(service), () => ({
    boot,
    file: file.path,
    settings: {
      ...currentOf(own, { values: running.current, origins: running.origins, saved }),
      ...currentOf(MQTT, settings.mqtt),
      ...currentOf(LOG, settings.log),
      ...currentOf(METRICS, settings.metrics),
      ...currentOf(TRACES, settings.traces),
      ...currentOf(REHEARSAL, settings.rehearsal),
    },
  }));

  const change = async (values: Readonly<Record<string, unknown>>): Promise<ConfigSetReply> => {
    let plan: PlannedChange | undefined;
    const update = await updateConfigFile(file.path, (now) => {
      const sources = { ...settings.sources, file: now };
      plan = planChange({ definition, values, sources, running: running.current, elsewhere: elsewhere(served) });
      return plan.kind === "accepted" ? plan : undefined;
    });
    const problems = update.kind === "refused" ? [{ problem: update.problem }] : problemsOf(plan);
    if (plan?.kind !== "accepted" || problems.length > 0) {
      log.info({ problemCount: problems.length }, "a change of settings was refused");
      return { boot, result: "refused", applied: [], restart: [], problems };
    }
    saved = plan.saved;
    running.take(plan.live, saved);
    current.changed();
    const { applied, restart } = effectOf(plan.wished, running.current, saved);
    log.info({ applied, restart }, "settings changed");
    return { boot, result: "saved", applied, restart, problems: [] };
  };

  client.respond(configSet.at(service), ({ data }) => change(data.values), { timeoutMs: HANDLER_LIMIT_MS });
}

function problemsOf(plan: PlannedChange | undefined): ConfigSetReply["problems"] {
  return plan?.kind === "refused" ? [...plan.problems] : [];
}

/** Which of the wished settings are what was saved, and which will be at the next start. */
function effectOf(
  wished: readonly string[],
  running: Readonly<Record<string, unknown>>,
  saved: FieldReadings,
): Pick<ConfigSetReply, "applied" | "restart"> {
  const isInEffect = (key: string): boolean => isSameValue(running[key], saved.values[key]);
  return {
    applied: wished.filter(isInEffect).map(fileKey),
    restart: wished.filter((key) => !isInEffect(key)).map(fileKey),
  };
}

/** What all services share is not one service's to change. */
function elsewhere<F extends Fields>({ settings }: Pick<ServedSettings<F>, "settings">): ReadonlyMap<string, string> {
  const { path } = settings.sources.file;
  return new Map(
    SHARED.flatMap((section) =>
      Object.keys(section.definition.fields).map((key) => {
        const name = toldKey(section, key);
        const own = section === LOG ? ` For this service alone set ${fileKey(LOG_LEVEL_KEY)}.` : "";
        return [name, `${name} is of all services: set it in ${path}, and start them all again.${own}`] as const;
      }),
    ),
  );
}
