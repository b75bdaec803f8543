import { ConfigurationError } from "../errors.ts";
import { type ConfigDefinition, envNames, type Fields, fileKey, flagName, type Values } from "./define.ts";
import type { Field } from "./field.ts";
import type { ConfigFile } from "./file.ts";
import { nameHint } from "./nearest.ts";

/** Where settings are looked for, in this order; each is optional. */
export interface Sources {
  /** By flag name (`wake-window-ms`), without the dashes. */
  readonly flags?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly file?: ConfigFile;
  /** Reads the file that a `…_FILE` variable names. Without it, naming one is a problem. */
  readonly readText?: (path: string) => string;
}

/** Where a value comes from: the kind of source, and the flag, variable or `path:line: key`. */
export interface Origin {
  readonly from: "flag" | "env" | "file" | "default";
  readonly name: string;
  /** The file that holds the value alone (`…_FILE`), for secrets that are read again later. */
  readonly path?: string;
}

/** A whole configuration, each value with its origin. */
export interface ConfigReading<F extends Fields> {
  readonly values: Values<F>;
  readonly origins: { readonly [Key in keyof F]: Origin };
  readonly warnings: readonly string[];
}

/** A reading that may have failed; `reading` is there when `problems` is empty. */
export type Examined<F extends Fields> =
  | { readonly ok: true; readonly reading: ConfigReading<F>; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly string[]; readonly warnings: readonly string[] };

/**
 * Reads a definition's settings: flags, then environment, then file, then default; empty counts as unset. Pure.
 *
 * @throws {ConfigurationError} with every problem at once.
 */
export function readConfig<F extends Fields>(definition: ConfigDefinition<F>, sources: Sources): ConfigReading<F> {
  const examined = examineConfig(definition, sources);
  if (!examined.ok) throw new ConfigurationError(examined.problems);
  return examined.reading;
}

/** Like `readConfig`, with the problems as a value, so that several definitions can report together. */
export function examineConfig<F extends Fields>(definition: ConfigDefinition<F>, sources: Sources): Examined<F> {
  const { values, origins, problems: ofFields, warnings: ofValues } = readFields(definition, sources);
  const warnings = [...unknownVariables(definition, sources), ...unknownKeys(definition, sources), ...ofValues];
  const typed = values as Values<F>; // each value was parsed by the field of the same key; checks look at valid ones only
  const ofRules = brokenRules(definition, { values: typed, broken: ofFields }).map(
    ({ of, problem }) => `${of.map((key) => nameIn(origins, definition, key)).join(", ")}: ${problem}`,
  );
  const problems = [...[...ofFields.values()].flat(), ...ofRules];
  if (problems.length > 0) return { ok: false, problems, warnings };
  const reading = { values: typed, origins: origins as ConfigReading<F>["origins"], warnings }; // one origin per key
  return { ok: true, reading, warnings };
}

/** Each setting by itself. */
export interface FieldReadings {
  /** Of a setting with a problem: undefined. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly origins: Readonly<Record<string, Origin>>;
  /** By key, for those that have any. */
  readonly problems: ReadonlyMap<string, readonly string[]>;
  readonly warnings: readonly string[];
}

/** Reads each setting by itself; what they mean together is the rules' to judge. */
export function readFields(
  definition: Pick<ConfigDefinition, "name" | "prefix" | "fields">,
  sources: Sources,
): FieldReadings {
  const outcomes = Object.entries(definition.fields).map(
    ([key, field]) => [key, readField({ definition, key, field, sources })] as const,
  );
  return {
    values: Object.fromEntries(outcomes.map(([key, { value }]) => [key, value])),
    origins: Object.fromEntries(outcomes.map(([key, { origin }]) => [key, origin])),
    problems: new Map(
      outcomes.flatMap(([key, { problems }]) => (problems.length > 0 ? [[key, problems] as const] : [])),
    ),
    warnings: outcomes.flatMap(([, { warnings }]) => warnings),
  };
}

/** The rules that the values break; those over a setting that is broken by itself are left out. */
export function brokenRules<F extends Fields>(
  { checks }: Pick<ConfigDefinition<F>, "checks">,
  { values, broken }: { readonly values: Values<F>; readonly broken: { has(key: string): boolean } },
): readonly { readonly of: readonly string[]; readonly problem: string }[] {
  return checks.flatMap((check) => {
    const problem = check.of.some((key) => broken.has(key)) ? undefined : check.problem(values);
    return problem === undefined ? [] : [{ of: check.of, problem }];
  });
}

/** Where a setting is fixed before the file is looked at: a flag, or a variable; undefined when it is not. */
export function fixedBy(
  definition: Pick<ConfigDefinition, "name" | "prefix">,
  key: string,
  { field, sources }: { readonly field: Field; readonly sources: Sources },
): Origin | undefined {
  const place = { definition, key, field, sources };
  return [...fromFlags(place), ...fromEnv(place)][0]?.origin;
}

interface Place {
  readonly definition: Pick<ConfigDefinition, "name" | "prefix">;
  readonly key: string;
  readonly field: Field;
  readonly sources: Sources;
}

interface Found {
  readonly raw: unknown;
  readonly origin: Origin;
  /** The value stands in a file of its own, which `raw` names. */
  readonly isPath: boolean;
}

interface Outcome {
  readonly value: unknown;
  readonly origin: Origin;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

function readField(place: Place): Outcome {
  const { definition, key, field, sources } = place;
  const groups = [fromFlags(place), fromEnv(place), fromFile(place)];
  const candidates = groups.find((group) => group.length > 0);
  const [found, ...others] = candidates ?? [];
  if (found === undefined) return unset(envNames(definition, key, field)[0], field);
  const outcome = (value: unknown, problems: string[], warnings: string[] = []): Outcome => ({
    value,
    origin: found.isPath ? { ...found.origin, path: String(found.raw) } : found.origin,
    problems,
    warnings,
  });
  const rival = others.find((other) => other.isPath !== found.isPath);
  if (rival !== undefined)
    return outcome(undefined, [`${found.origin.name} and ${rival.origin.name} are both set: keep one.`]);
  const warnings = others.map((other) => `${other.origin.name} is ignored because ${found.origin.name} is set.`);
  if (sources.file?.isReadableByOthers && found.origin.from === "file" && field.kind === "secret" && !found.isPath) {
    warnings.push(
      `${sources.file.path} holds a secret (${fileKey(key)}) and others may read it: chmod 600 ${sources.file.path}`,
    );
  }
  const content = found.isPath ? contentOf(found, sources) : { ok: true as const, raw: found.raw };
  if (!content.ok) return outcome(undefined, [content.problem], warnings);
  const parsed = field.parse(content.raw);
  return parsed.ok
    ? outcome(parsed.value, [], warnings)
    : outcome(
        undefined,
        [`${found.origin.name}${written(field, content.raw)}: it must be ${parsed.expected}.`],
        warnings,
      );
}

function unset(name: string, field: Field): Outcome {
  const { missing } = field;
  return {
    value: missing.kind === "default" ? missing.value : undefined,
    origin: { from: "default", name },
    problems: missing.kind === "required" ? [`${name} is not set: ${field.doc}`] : [],
    warnings: [],
  };
}

/** What was written, for the message; nothing of secrets, no password of a URL. */
export function written(field: Field, raw: unknown): string {
  if (field.kind === "secret") return "";
  const text = typeof raw === "string" ? raw : JSON.stringify(raw);
  return ` is "${field.kind === "url" ? field.show(text) : text}"`;
}

/** Empty counts as unset. */
export const isSet = (raw: unknown): boolean =>
  raw !== undefined && raw !== null && !(typeof raw === "string" && raw.trim() === "");

function fromFlags({ key, field, sources }: Place): Found[] {
  // A secret on the command line is seen by every process of the machine: only its file can be named there.
  const isPath = field.kind === "secret";
  const flag = isPath ? `${flagName(key)}-file` : flagName(key);
  const raw = sources.flags?.[flag];
  return isSet(raw) ? [{ raw, origin: { from: "flag", name: `--${flag}` }, isPath }] : [];
}

function fromEnv({ definition, key, field, sources }: Place): Found[] {
  const names = envNames(definition, key, field);
  const plain = names.map((name) => ({ name, isPath: false }));
  const all =
    field.kind === "secret" ? [...plain, ...names.map((name) => ({ name: `${name}_FILE`, isPath: true }))] : plain;
  return all
    .map(({ name, isPath }) => ({ raw: sources.env?.[name], origin: { from: "env" as const, name }, isPath }))
    .filter(({ raw }) => isSet(raw));
}

function fromFile({ definition, key, field, sources: { file } }: Place): Found[] {
  if (file === undefined) return [];
  const keys = [{ name: fileKey(key), isPath: false }];
  if (field.kind === "secret") keys.push({ name: `${fileKey(key)}_file`, isPath: true });
  return keys.flatMap(({ name, isPath }) => {
    const entry = file.sections.get(definition.name)?.get(name);
    if (entry === undefined || !isSet(entry.value)) return [];
    const where = `${file.path}:${entry.line}: ${definition.name}.${name}`;
    return [{ raw: entry.value, origin: { from: "file" as const, name: where }, isPath }];
  });
}

type Content = { readonly ok: true; readonly raw: unknown } | { readonly ok: false; readonly problem: string };

function contentOf({ raw, origin }: Found, { readText }: Sources): Content {
  const path = String(raw);
  if (readText === undefined) return { ok: false, problem: `${origin.name} names a file, which cannot be read here.` };
  try {
    const text = readText(path).trim();
    return text === ""
      ? { ok: false, problem: `${origin.name} names ${path}, which is empty.` }
      : { ok: true, raw: text };
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    return { ok: false, problem: `${origin.name} names ${path}, which cannot be read (${reason}).` };
  }
}

function nameIn<F extends Fields>(
  origins: Readonly<Record<string, Origin>>,
  definition: ConfigDefinition<F>,
  key: string,
): string {
  const field = definition.fields[key];
  return origins[key]?.name ?? (field === undefined ? key : envNames(definition, key, field)[0]);
}

/** Variables with the definition's prefix that no field reads. */
function unknownVariables<F extends Fields>(definition: ConfigDefinition<F>, { env = {} }: Sources): string[] {
  const known = Object.entries(definition.fields).flatMap(([key, field]) => {
    const names = envNames(definition, key, field);
    return field.kind === "secret" ? [...names, ...names.map((name) => `${name}_FILE`)] : names;
  });
  return Object.keys(env)
    .filter((name) => name.startsWith(`${definition.prefix}_`) && isSet(env[name]))
    .filter((name) => !known.includes(name) && !definition.alsoKnown.includes(name))
    .map((name) => `${name} is not a setting of ${definition.name}.${nameHint(name, known)}`);
}

/** Keys of the definition's section that no field reads. */
function unknownKeys<F extends Fields>(definition: ConfigDefinition<F>, { file }: Sources): string[] {
  if (file === undefined) return [];
  const known = Object.entries(definition.fields).flatMap(([key, field]) =>
    field.kind === "secret" ? [fileKey(key), `${fileKey(key)}_file`] : [fileKey(key)],
  );
  return [...(file.sections.get(definition.name) ?? [])]
    .filter(([key]) => !known.includes(key))
    .map(
      ([key, { line }]) =>
        `${file.path}:${line}: "${key}" is not a setting of ${definition.name}.${nameHint(key, known)}`,
    );
}
