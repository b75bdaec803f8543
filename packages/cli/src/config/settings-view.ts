/** All settings of the robot with their values and origins, as people may see them. */
import {
  type ConfigDefinition,
  type ConfigFile,
  envNames,
  examineConfig,
  type Fields,
  fileKey,
  nameHint,
  type Origin,
  type Sources,
} from "@ts-tars/service";

/** One setting; `value` is "set" for a secret, undefined when there is none. */
export interface ShownSetting {
  readonly section: string;
  readonly key: string;
  readonly variable: string;
  readonly value: string | undefined;
  readonly from: Origin["from"];
  /** The flag, the variable, or the file with its line. */
  readonly origin: string;
}

/** All settings, and what is wrong with them. */
export interface SettingsView {
  readonly settings: readonly ShownSetting[];
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** Where the settings are looked for; flags by section. */
export interface ViewSources extends Omit<Sources, "flags"> {
  readonly flagsOf?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Reads every definition from the same sources; the values of a section with a problem are not shown. */
export function viewSettings(
  definitions: readonly ConfigDefinition[],
  { flagsOf = {}, ...sources }: ViewSources,
): SettingsView {
  const parts = definitions.map((definition) => {
    const examined = examineConfig(definition, { ...sources, flags: flagsOf[definition.name] ?? {} });
    if (!examined.ok) return { settings: [], problems: examined.problems, warnings: examined.warnings };
    const { values, origins } = examined.reading;
    return { settings: shownSettings(definition, values, origins), problems: [], warnings: examined.warnings };
  });
  return {
    settings: parts.flatMap(({ settings }) => settings),
    problems: parts.flatMap(({ problems }) => problems),
    warnings: [...parts.flatMap(({ warnings }) => warnings), ...unknownSections(definitions, sources.file)],
  };
}

function shownSettings(
  definition: ConfigDefinition,
  values: Readonly<Record<string, unknown>>,
  origins: Readonly<Record<string, Origin>>,
): readonly ShownSetting[] {
  return Object.entries<Fields[string]>(definition.fields).map(([key, field]) => {
    const [variable] = envNames(definition, key, field);
    const { from, name } = origins[key] ?? { from: "default", name: variable };
    const value = values[key] === undefined ? undefined : field.show(values[key]);
    return { section: definition.name, key: fileKey(key), variable, value, from, origin: name };
  });
}

function unknownSections(definitions: readonly ConfigDefinition[], file: ConfigFile | undefined): readonly string[] {
  if (file === undefined) return [];
  const known = definitions.map(({ name }) => name);
  return [...file.sections.keys()]
    .filter((section) => !known.includes(section))
    .map((section) => `${file.path}: "${section}" is not a section.${nameHint(section, known)}`);
}
