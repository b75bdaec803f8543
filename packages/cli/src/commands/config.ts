import { loadConfigFile, renderConfigDocs } from "@ts-tars/service";
import { paintFor } from "../colour.ts";
import { allDefinitions } from "../config/all-definitions.ts";
import { type SettingsView, viewSettings } from "../config/settings-view.ts";
import { type CommonOptions, type Context, sayJson, sayLine } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
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
