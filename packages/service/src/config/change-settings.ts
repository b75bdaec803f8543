/**
 * A change of settings, decided: from what runs, what the places say and what is wished to the edits of the file and the values that
 * are then in effect, or to every problem. Pure: no file, no bus, no clock.
 *
 * 1. All or nothing: with one problem nothing is changed.
 * 2. What will be saved passes the rules, and so does what will be in effect: a live setting that would break a rule together with
 *    what waits for the restart waits with it.
 * 3. No problem repeats the value of a secret.
 */
import type { SettingProblem } from "@ts-tars/contracts";
import type { Secret } from "@ts-tars/mqtt";
import { type ConfigDefinition, type Fields, fileKey, type Values } from "./define.ts";
import type { Field } from "./field.ts";
import type { ConfigFile, FileEntry } from "./file.ts";
import { nameHint } from "./nearest.ts";
import { brokenRules, type FieldReadings, fixedBy, isSet, readFields, type Sources, written } from "./read.ts";

/** A definition of any service. */
export type AnyDefinition = Pick<ConfigDefinition, "name" | "prefix" | "fields" | "checks">;

/** One key of the file that is given a value, or (undefined) is taken out. */
export interface FileEdit {
  readonly section: string;
  readonly key: string;
  readonly value: string | number | boolean | readonly string[] | undefined;
}

/** What is to be done, or why nothing is. */
export type PlannedChange =
  | { readonly kind: "refused"; readonly problems: readonly SettingProblem[] }
  | {
      readonly kind: "accepted";
      readonly edits: readonly FileEdit[];
      /** The section has a secret in the file, once the edits are made. */
      readonly holdsSecret: boolean;
      /** The file as it will be, read. */
      readonly saved: FieldReadings;
      /** Keys in the code whose saved value may take effect now. */
      readonly live: readonly string[];
      /** Keys in the code that were wished. */
      readonly wished: readonly string[];
    };

/** All that a change is decided by. */
export interface ChangeRequest {
  readonly definition: AnyDefinition;
  /** By key of the file; null and empty: back to the default. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Of the process that reads them, with the file as it is now. */
  readonly sources: Sources & { readonly file: ConfigFile };
  /** What is in effect, by key in the code; undefined: nothing runs. */
  readonly running: Readonly<Record<string, unknown>> | undefined;
  /** What is not this service's to change, each with a sentence that says what to do instead. */
  readonly elsewhere?: ReadonlyMap<string, string>;
}

/** Decides a change. */
export function planChange(request: ChangeRequest): PlannedChange {
  const { definition, values, sources } = request;
  const wishes = Object.entries(values).map(([key, value]) => readWish(request, key, value));
  const problems = wishes.flatMap((wish) => (wish.kind === "problem" ? [wish.problem] : []));
  if (problems.length > 0) return { kind: "refused", problems };
  const accepted = wishes.flatMap((wish) => (wish.kind === "wish" ? [wish] : []));
  const edits = accepted.flatMap((wish) => editsOf(definition.name, wish, sources.file));
  const file = withEdits(sources.file, edits);
  const saved = readFields(definition, { ...sources, file });
  const wished = accepted.map(({ key }) => key);
  const ofRules = problemsOfRules(definition, saved, wished);
  if (ofRules.length > 0) return { kind: "refused", problems: ofRules };
  const holdsSecret = secretKeysOf(definition).some((key) =>
    isSet(file.sections.get(definition.name)?.get(key)?.value),
  );
  return { kind: "accepted", edits, holdsSecret, saved, wished, live: liveOf(request, saved, wished) };
}

/** Whether two values of a setting mean the same. */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (isSecret(a) && isSecret(b)) return a.reveal() === b.reveal();
  return JSON.stringify(plainOf(a)) === JSON.stringify(plainOf(b)) && isSecret(a) === isSecret(b);
}

type Wish =
  | { readonly kind: "problem"; readonly problem: SettingProblem }
  | { readonly kind: "wish"; readonly key: string; readonly field: Field; readonly value: FileEdit["value"] };

/** A name of this length was never a setting; what follows is not looked at. */
const KEY_CHARS_MAX = 100;
/** What the contract allows for a problem. */
const PROBLEM_CHARS_MAX = 500;

function readWish({ definition, sources, elsewhere }: ChangeRequest, name: string, raw: unknown): Wish {
  const shown = name.slice(0, KEY_CHARS_MAX);
  const refuse = (problem: string): Wish => ({
    kind: "problem",
    problem: { key: shown, problem: problem.slice(0, PROBLEM_CHARS_MAX) },
  });
  const instead = elsewhere?.get(name);
  if (instead !== undefined) return refuse(instead);
  const keys = Object.keys(definition.fields);
  const key = keys.find((candidate) => fileKey(candidate) === name);
  const field = key === undefined ? undefined : definition.fields[key];
  if (key === undefined || field === undefined) {
    return refuse(`"${shown}" is not a setting of ${definition.name}.${nameHint(shown, keys.map(fileKey))}`);
  }
  const fixed = fixedBy(definition, key, { field, sources });
  if (fixed !== undefined) {
    const place = fixed.from === "flag" ? "on the command line" : "in the environment";
    return refuse(`${name} is fixed by ${fixed.name} ${place} of ${definition.name}, which wins: change it there.`);
  }
  if (!isSet(raw)) {
    return field.missing.kind === "required"
      ? refuse(`${name} is required, so it cannot be unset: ${field.doc}`)
      : { kind: "wish", key, field, value: undefined };
  }
  const parsed = field.parse(raw);
  return parsed.ok
    ? { kind: "wish", key, field, value: plainOf(parsed.value) }
    : refuse(`${name}${written(field, raw)}: it must be ${parsed.expected}.`);
}

/** The edits of the file that a wish needs; none when it says so already. */
function editsOf(
  section: string,
  { key, field, value }: Wish & { kind: "wish" },
  file: ConfigFile,
): readonly FileEdit[] {
  const name = fileKey(key);
  const entries = file.sections.get(section);
  const others = field.kind === "secret" && entries?.has(`${name}_file`) ? [`${name}_file`] : [];
  const known = entries?.get(name);
  const isKnown = value === undefined ? known === undefined : isAsWritten(field, known, value);
  return [
    ...(isKnown ? [] : [{ section, key: name, value }]),
    // The file of a secret beside its value would be a contradiction at the next start.
    ...others.map((other) => ({ section, key: other, value: undefined })),
  ];
}

function isAsWritten(field: Field, entry: FileEntry | undefined, value: FileEdit["value"]): boolean {
  if (entry === undefined || !isSet(entry.value)) return false;
  const parsed = field.parse(entry.value);
  return parsed.ok && isSameValue(plainOf(parsed.value), value);
}

/** The file as it will be read once the edits are made. */
function withEdits(file: ConfigFile, edits: readonly FileEdit[]): ConfigFile {
  const sections = new Map([...file.sections].map(([name, entries]) => [name, new Map(entries)]));
  for (const { section, key, value } of edits) {
    const entries = sections.get(section) ?? new Map<string, FileEntry>();
    sections.set(section, entries);
    if (value === undefined) entries.delete(key);
    else entries.set(key, { value, line: entries.get(key)?.line ?? 0 });
  }
  return { ...file, sections };
}

function problemsOfRules(
  definition: AnyDefinition,
  saved: FieldReadings,
  wished: readonly string[],
): readonly SettingProblem[] {
  const broken = brokenRules(definition, { values: saved.values as Values<Fields>, broken: saved.problems }); // read by these fields
  return broken.flatMap(({ of, problem }) =>
    of
      .filter((key) => wished.includes(key))
      .map((key) => ({
        key: fileKey(key),
        problem: `${of.map(fileKey).join(", ")}: ${problem}`.slice(0, PROBLEM_CHARS_MAX),
      })),
  );
}

/** The wished keys that may take effect now: the live ones, without those that break a rule beside what is running. */
function liveOf(
  { definition, running }: ChangeRequest,
  saved: FieldReadings,
  wished: readonly string[],
): readonly string[] {
  if (running === undefined) return [];
  let live = wished.filter((key) => definition.fields[key]?.live === true);
  for (;;) {
    const changed = Object.fromEntries(live.map((key) => [key, saved.values[key]]));
    const values = { ...running, ...changed } as Values<Fields>; // both were read by these fields
    const broken = brokenRules(definition, { values, broken: new Set() });
    const left = live.filter((key) => !broken.some(({ of }) => of.includes(key)));
    if (left.length === live.length) return live;
    live = left;
  }
}

/** A value as the file has it. */
function plainOf(value: unknown): FileEdit["value"] {
  if (isSecret(value)) return value.reveal();
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return Array.isArray(value) ? value.map(String) : undefined;
}

function isSecret(value: unknown): value is Secret {
  return typeof value === "object" && value !== null && "reveal" in value && typeof value.reveal === "function";
}

function secretKeysOf({ fields }: AnyDefinition): readonly string[] {
  return Object.entries(fields).flatMap(([key, field]) => (field.kind === "secret" ? [fileKey(key)] : []));
}
