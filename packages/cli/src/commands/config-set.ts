import { type AnyDefinition, fileKey, nameHint } from "@ts-tars/service";
import { allDefinitions } from "../config/all-definitions.ts";
import { readAssignments } from "../config/assignments.ts";
import { findRunning } from "../config/running-service.ts";
import { setInFile } from "../config/set-in-file.ts";
import { setOverBus } from "../config/set-over-bus.ts";
import { type CommonOptions, type Context, sayJson, sayLine } from "../context.ts";
import { NothingRunsError, UsageError } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { type Route, withClient } from "../open-client.ts";
import { readRunFile, runFilePath } from "../run-file-store.ts";
import { SERVICES } from "../services.ts";

/** Options of `tars config set`. */
export interface ConfigSetOptions extends CommonOptions {
  readonly secretFile?: string;
  /** Change the file of this machine, whatever runs. */
  readonly file?: boolean;
}

/** What became of a change. */
interface Changed {
  readonly by: "service" | "file";
  readonly file?: string;
  readonly applied: readonly string[];
  readonly restart: readonly string[];
  readonly run: Route["run"];
}

/**
 * Changes settings: by the running service, which checks and saves them and says what is in effect; where nothing runs, and for what
 * all services share, in the file, by the same rules.
 */
export async function setConfig(
  context: Context,
  { section, words }: { readonly section: string; readonly words: readonly string[] },
  options: ConfigSetOptions,
): Promise<ExitCode> {
  const definition = await definitionOf(section);
  const values = await valuesOf(context, definition, { words, secretFile: options.secretFile });
  const isService = SERVICES.some(({ name }) => name === section);
  const change =
    isService && options.file !== true
      ? await changeWhereItRuns(context, { definition, values }, options)
      : await changeFile(context, { definition, values });
  const { by, file, applied, restart } = change;
  if (options.json === true) sayJson(context, { ok: true, section, by, file, applied, restart });
  else for (const line of linesOf(section, change)) sayLine(context, line);
  return EXIT.ok;
}

async function definitionOf(section: string): Promise<AnyDefinition> {
  const definitions = await allDefinitions();
  const definition = definitions.find(({ name }) => name === section);
  if (definition !== undefined) return definition;
  const known = definitions.map(({ name }) => name);
  const hint = nameHint(section, known);
  throw new UsageError(`"${section}" is not a section.${hint === "" ? ` There are: ${known.join(", ")}.` : hint}`);
}

type Values = Readonly<Record<string, string | null>>;

async function valuesOf(
  { readText, readInput }: Context,
  definition: AnyDefinition,
  { words, secretFile }: { readonly words: readonly string[]; readonly secretFile: string | undefined },
): Promise<Values> {
  const { name: section, fields } = definition;
  const secrets = Object.entries(fields).flatMap(([key, { kind }]) => (kind === "secret" ? [fileKey(key)] : []));
  const assigned = readAssignments(words, { section, secrets });
  if (!assigned.ok) throw new UsageError(assigned.problem);
  const { values, secret } = assigned;
  if (secret === undefined) {
    if (secretFile === undefined) return values;
    throw new UsageError("--secret-file needs the key of a secret, without an equals sign.");
  }
  const value = (secretFile === undefined ? await readInput() : readFileText(readText, secretFile)).trim();
  if (value === "") throw new UsageError(`There was nothing on standard input for ${secret}; ${secret}= unsets it.`);
  return { ...values, [secret]: value };
}

function readFileText(readText: Context["readText"], path: string): string {
  try {
    return readText(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new UsageError(`${path} cannot be read (${code}).`, { cause: error });
  }
}

interface Wanted {
  readonly definition: AnyDefinition;
  readonly values: Values;
}

async function changeWhereItRuns(context: Context, wanted: Wanted, options: ConfigSetOptions): Promise<Changed> {
  const service = wanted.definition.name;
  try {
    return await withClient(context, options, async (client, { run }) => {
      await findRunning(client, service, { context, run });
      const { applied, restart } = await setOverBus(client, { service, values: wanted.values, stop: context.stop });
      return { by: "service", applied, restart, run };
    });
  } catch (error) {
    if (!(error instanceof NothingRunsError)) throw error;
    if (error.absence === "unknown") return await changeFile(context, wanted);
    throw new NothingRunsError(`${error.message} With --file the file of this machine is changed.`, error.absence, {
      cause: error,
    });
  }
}

async function changeFile(context: Context, { definition, values }: Wanted): Promise<Changed> {
  const { file, keys } = await setInFile(context, definition, values);
  const run = readRunFile(runFilePath(context.env), context.isAlive);
  return { by: "file", file, applied: [], restart: keys, run };
}

function linesOf(section: string, { by, file, applied, restart, run }: Changed): readonly string[] {
  const again =
    run === undefined
      ? by === "file"
        ? "at the next start"
        : `when ${section} is started again`
      : `once "tars up" is stopped (Ctrl-C there, or: kill ${run.pid}) and started again`;
  const waits = file === undefined ? "saved, and takes effect" : `saved in ${file}, and takes effect`;
  return [
    ...(applied.length > 0 ? [`In effect: ${applied.join(", ")}.`] : []),
    ...(restart.length > 0 ? [`${restart.join(", ")}: ${waits} ${again}.`] : []),
  ];
}
