/** The settings of a service as others see them: their schema, their values, never a secret. Pure. */
import type { ConfigSchema, CurrentSetting, SettingSchema, SettingValue } from "@ts-tars/contracts";
import { type AnyDefinition, isSameValue } from "./change-settings.ts";
import { fileKey } from "./define.ts";
import type { Field } from "./field.ts";
import type { FieldReadings, Origin } from "./read.ts";

/** One definition, and how its keys are told. */
export interface ToldSection {
  readonly definition: AnyDefinition;
  /** Its keys carry its name (`mqtt.url`), and nothing of it can be set over the bus: it is of all services. */
  readonly isShared: boolean;
}

/** The key under which a setting is told. */
export function toldKey({ definition, isShared }: ToldSection, key: string): string {
  return isShared ? `${definition.name}.${fileKey(key)}` : fileKey(key);
}

/** The JSON Schema of all sections. */
export function schemaOf(sections: readonly ToldSection[]): ConfigSchema["schema"] {
  const told = sections.flatMap((section) =>
    Object.entries(section.definition.fields).map(([key, field]) => ({
      name: toldKey(section, key),
      field,
      isShared: section.isShared,
    })),
  );
  return {
    type: "object",
    properties: Object.fromEntries(told.map((setting) => [setting.name, settingSchema(setting)])),
    required: told.flatMap(({ name, field }) => (field.missing.kind === "required" ? [name] : [])),
  };
}

function settingSchema({
  field,
  isShared: readOnly,
}: {
  readonly field: Field;
  readonly isShared: boolean;
}): SettingSchema {
  const { missing, unit } = field;
  const fallback = missing.kind === "default" ? shownValue(field, missing.value) : undefined;
  return {
    ...field.schema,
    description: field.doc,
    ...(fallback !== undefined && { default: fallback }),
    ...(unit !== undefined && { unit }),
    writeOnly: field.kind === "secret",
    readOnly,
    live: !readOnly && field.live,
  };
}

/** A reading as far as it is told. */
export interface ToldReading {
  readonly values: Readonly<Record<string, unknown>>;
  readonly origins: Readonly<Record<string, Origin>>;
}

/** What one section is: `saved` is what the next start would read, where that is known. */
export function currentOf(
  section: ToldSection,
  { values, origins, saved }: ToldReading & { readonly saved?: FieldReadings | undefined },
): Readonly<Record<string, CurrentSetting>> {
  const { definition } = section;
  const entries = Object.entries(definition.fields).map(([key, field]): readonly [string, CurrentSetting] => {
    const value = shownValue(field, values[key]);
    const { from, where } = placeOf(definition.name, key, origins[key]);
    const isPending = saved !== undefined && !saved.problems.has(key) && !isSameValue(saved.values[key], values[key]);
    const next = isPending ? shownValue(field, saved.values[key]) : undefined;
    return [
      toldKey(section, key),
      {
        ...(value !== undefined && { value }),
        from,
        ...(where !== undefined && { where }),
        ...(isPending && { pending: next === undefined ? {} : { value: next } }),
      },
    ];
  });
  return Object.fromEntries(entries);
}

/** The value as people may see it; undefined when it is unset. */
function shownValue(field: Field, value: unknown): SettingValue | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "number" || typeof value === "boolean") return value;
  return field.kind === "list" && Array.isArray(value) ? value.map(String) : field.show(value);
}

/** Lines move with every change of the file: section and key stay. */
function placeOf(section: string, key: string, origin: Origin | undefined): Pick<CurrentSetting, "from" | "where"> {
  if (origin === undefined || origin.from === "default") return { from: "default" };
  if (origin.from !== "file") return { from: origin.from, where: origin.name };
  return { from: "file", where: `${section}.${fileKey(key)}${origin.path === undefined ? "" : "_file"}` };
}
