import type { Field } from "./field.ts";

/** The settings of one definition, by the name the code uses (`wakeWindowMs`). */
export type Fields = Readonly<Record<string, Field>>;

/** The values that a definition's fields are read into. */
export type Values<F extends Fields> = {
  readonly [Key in keyof F]: F[Key] extends Field<infer Value, infer Missing>
    ? Missing extends { readonly kind: "absent" }
      ? Value | undefined
      : Value
    : never;
};

/** A rule over several settings; it runs when each of them has a valid value by itself. */
export interface Rule<V> {
  readonly of: readonly string[];
  /** What is contradictory, as a sentence without the names; undefined when all is well. */
  problem(values: V): string | undefined;
}

/** A rule as it is written, with the names checked. */
export interface Check<V> extends Rule<V> {
  readonly of: readonly (keyof V & string)[];
}

/** All settings of one service (or of `mqtt`): one section of the file, one prefix in the environment. */
export interface ConfigDefinition<F extends Fields = Fields> {
  /** The section of the configuration file: the service's name, as on `system/health/{service}`. */
  readonly name: string;
  /** Environment variables are `<prefix>_<KEY>` unless a field says otherwise. */
  readonly prefix: string;
  readonly fields: F;
  readonly checks: readonly Rule<Values<F>>[];
  /** Variables with this prefix that somebody else reads; they are not warned about. */
  readonly alsoKnown: readonly string[];
}

/** Declares a service's settings: read by `readConfig`, printed by `renderConfigDocs`. */
export function defineConfig<const F extends Fields>(definition: {
  readonly name: string;
  readonly prefix: string;
  readonly fields: F;
  readonly checks?: readonly Check<Values<NoInfer<F>>>[];
  readonly alsoKnown?: readonly string[];
}): ConfigDefinition<F> {
  return Object.freeze({ checks: [], alsoKnown: [], ...definition });
}

/** The environment names of a field, the main one first. */
export function envNames(
  definition: Pick<ConfigDefinition, "prefix">,
  key: string,
  field: Field,
): readonly [string, ...string[]] {
  return [field.env ?? `${definition.prefix}_${words(key).join("_").toUpperCase()}`, ...field.aliases];
}

/** `wakeWindowMs` in the file: `wake_window_ms`. */
export const fileKey = (key: string): string => words(key).join("_");

/** `wakeWindowMs` on the command line: `wake-window-ms`, after two dashes. */
export const flagName = (key: string): string => words(key).join("-");

function words(key: string): string[] {
  return key
    .replace(/([a-z0-9])([A-Z])/gu, "$1 $2")
    .toLowerCase()
    .split(" ");
}
