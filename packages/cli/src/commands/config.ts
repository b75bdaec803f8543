import { type ConfigCurrent, configCurrent } from "@ts-tars/contracts";
import type { Client } from "@ts-tars/mqtt";
import { loadConfigFile, renderConfigDocs } from "@ts-tars/service";
import { paintFor } from "../colour.ts";
import { allDefinitions } from "../config/all-definitions.ts";
import { findRunning } from "../config/running-service.ts";
import { type SettingsView, viewSettings } from "../config/settings-view.ts";
import { type CommonOptions, type Context, sayJson, sayLine } from "../context.ts";
import { NoAnswerError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { withClient } from "../open-client.ts";
import { retainedArrived } from "../retained.ts";
import { renderTable } from "../table.ts";

/** Options of `tars config`. */
export interface ConfigOptions extends CommonOptions {
  /** Print docs/config.md instead. */
  readonly markdown?: boolean;
}

/** Shows each setting with its value and where it comes from; secrets only as "set". */
export async function config(context: Context, options: ConfigOptions): Promise<ExitCode> {
  const definitions = await allDefinitions();
  if (options.markdown === true) {
    context.out(renderConfigDocs(definitions));
    return EXIT.ok;
  }
  const { file, problems } = loadConfigFile(context.env);
  const flags: Record<string, string> = options.url === undefined ? {} : { url: options.url };
  const seen = viewSettings(definitions, {
    env: context.env,
    readText: context.readText,
    file,
    flagsOf: { mqtt: flags },
  });
  const view = { ...seen, problems: [...problems, ...seen.problems] };
  if (options.json === true) sayJson(context, { file: file.path, ...view });
  else print(context, view);
  return view.problems.length === 0 ? EXIT.ok : EXIT.configuration;
}

/** Shows what a running service works with. */
export async function getConfig(context: Context, service: string, options: CommonOptions): Promise<ExitCode> {
  const current = await withClient(context, options, async (client, { run }) => {
    const { boot } = await findRunning(client, service, { context, run });
    return await readCurrent(client, { service, boot });
  });
  if (options.json === true) sayJson(context, current);
  else sayLine(context, tableOf(context, current));
  return EXIT.ok;
}

/** What is retained of another life of the service counts for nothing. */
async function readCurrent(
  client: Client,
  { service, boot }: { readonly service: string; readonly boot: string | undefined },
): Promise<ConfigCurrent> {
  let current: ConfigCurrent | undefined;
  const subscription = client.subscribe(configCurrent.at({ service }), ({ data }) => {
    current = data;
  });
  await subscription.active;
  await retainedArrived(client, () => (current === undefined ? 0 : 1));
  if (current !== undefined && current.boot === boot) return current;
  throw new NoAnswerError(`${service} has not told its settings since it was started. Is it of an older version?`);
}

function tableOf(context: Context, { settings }: ConfigCurrent): string {
  const shown = (value: unknown): string => shortened(value === undefined ? "" : String(value));
  const rows = Object.entries(settings).map(([key, { value, from, where = "", pending }]) => [
    ...[key, shown(value), from, where],
    pending === undefined ? "" : `${shown(pending.value) || "unset"} at the next start`,
  ]);
  const [head = "", ...lines] = renderTable(["setting", "value", "from", "where", "waits"], rows).split("\n");
  return [paintFor(context).bold(head), ...lines].join("\n");
}

/** A sentence of a page's width would push everything else out of sight; --json has all of it. */
const SHOWN_VALUE_CHARS = 60;

function print(context: Context, { settings, problems, warnings }: SettingsView): void {
  const paint = paintFor(context);
  const rows = settings.map(({ section, key, value, from, origin }) => [
    `${section}.${key}`,
    shortened(value ?? ""),
    from,
    origin,
  ]);
  const [head = "", ...lines] = renderTable(["setting", "value", "from", "where"], rows).split("\n");
  sayLine(context, paint.bold(head));
  for (const [index, line] of lines.entries()) {
    sayLine(context, settings[index]?.from === "default" ? paint.dim(line) : line);
  }
  for (const warning of warnings) sayLine(context, paint.yellow(`– ${warning}`));
  for (const problem of problems) sayLine(context, paint.red(`✗ ${problem}`));
}

function shortened(value: string): string {
  return value.length <= SHOWN_VALUE_CHARS ? value : `${value.slice(0, SHOWN_VALUE_CHARS - 1)}…`;
}
