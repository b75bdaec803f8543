import type { SettingSchema } from "@ts-tars/contracts";
import { Secret } from "@ts-tars/mqtt";
import { splitUrls, withoutCredentials } from "./broker-urls.ts";

/** How a setting's text is read. */
export type FieldKind = "text" | "url" | "int" | "number" | "bool" | "choice" | "list" | "secret";

/** What reading one value gave: the value, or what it must be (continues the sentence "it must be …"). */
export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly expected: string };

/** What a setting is when nobody set it. */
export type Fallback<Value> =
  | { readonly kind: "default"; readonly value: Value }
  | { readonly kind: "required" }
  | { readonly kind: "absent" };

/** What a setting may be, as JSON Schema says it. */
export type FieldSchema = Pick<SettingSchema, "type" | "enum" | "minimum" | "maximum" | "items" | "minItems">;

/** One setting: what it means, where it is read from, and how. Made by `field.text`, `field.int` and so on. */
export interface Field<Value = unknown, Missing extends Fallback<Value> = Fallback<Value>> {
  readonly kind: FieldKind;
  /** One line for `docs/config.md`; a sentence. */
  readonly doc: string;
  readonly unit: string | undefined;
  /** The allowed values in words: `1 … 60`, `fast | slow`. */
  readonly allowed: string | undefined;
  readonly schema: FieldSchema;
  readonly missing: Missing;
  /** The service takes a change of it while it runs. */
  readonly live: boolean;
  /** The whole environment name, when it is not prefix + key. */
  readonly env: string | undefined;
  /** Its flag carries no section in front, wherever it is declared. */
  readonly hasBareFlag: boolean;
  /** Older names of the same variable; the first one set counts, after `env`. */
  readonly aliases: readonly string[];
  /** Reads the text of a flag or variable, or the value of a YAML key. */
  parse(raw: unknown): Parsed<Value>;
  /** The value as people may see it: never a secret, no password in a URL. */
  show(value: unknown): string;
}

/** What every kind of setting is declared with. */
export interface FieldOptions<Value> {
  readonly doc: string;
  readonly default?: Value;
  /** Refuse to start without a value. */
  readonly required?: boolean;
  /** A change takes effect while the service runs: it watches the setting, or reads it whenever it needs it. Default false. */
  readonly live?: boolean;
  readonly env?: string;
  readonly hasBareFlag?: boolean;
  readonly aliases?: readonly string[];
}

/** What numbers add: both ends of the range belong to it. */
export interface NumberOptions extends FieldOptions<number> {
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
}

type FallbackOf<Value, Options> = Options extends { readonly default: Value }
  ? { readonly kind: "default"; readonly value: Value }
  : Options extends { readonly required: true }
    ? { readonly kind: "required" }
    : { readonly kind: "absent" };

interface Kind<Value> {
  readonly kind: FieldKind;
  readonly unit?: string | undefined;
  readonly allowed?: string | undefined;
  readonly schema: FieldSchema;
  readonly parse: (raw: unknown) => Parsed<Value>;
  readonly show?: (value: unknown) => string;
}

function make<Value, Options extends FieldOptions<Value>>(
  options: Options,
  kind: Kind<Value>,
): Field<Value, FallbackOf<Value, Options>> {
  const { doc, default: value, required = false, live = false, env, hasBareFlag = false, aliases = [] } = options;
  const missing: Fallback<Value> =
    value !== undefined ? { kind: "default", value } : { kind: required ? "required" : "absent" };
  return Object.freeze({
    kind: kind.kind,
    doc,
    unit: kind.unit,
    allowed: kind.allowed,
    schema: kind.schema,
    missing: missing as FallbackOf<Value, Options>, // the conditional type says of Options what the line above computes
    live,
    env,
    hasBareFlag,
    aliases,
    parse: kind.parse,
    show: kind.show ?? String,
  });
}

const accept = <Value>(value: Value): Parsed<Value> => ({ ok: true, value });
const refuse = (expected: string): Parsed<never> => ({ ok: false, expected });

const TEXT: FieldSchema = { type: "string" };
const TEXT_ITEM = { type: "string" } as const;

/** YAML scalars and texts alike, trimmed; undefined for lists and maps. */
function scalar(raw: unknown): string | undefined {
  if (typeof raw === "string") return raw.trim();
  return typeof raw === "number" || typeof raw === "boolean" ? String(raw) : undefined;
}

function text<const Options extends FieldOptions<string>>(options: Options) {
  return make<string, Options>(options, {
    kind: "text",
    schema: TEXT,
    parse: (raw) => {
      const value = scalar(raw);
      return value === undefined ? refuse("one line of text") : accept(value);
    },
  });
}

/** The scheme decides; of foreign schemes the standard for URLs knows too little to judge the rest. */
function isUrlOf(value: string, schemes: readonly string[]): boolean {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//iu.exec(value)?.[1]?.toLowerCase();
  if (scheme === undefined || !schemes.includes(scheme)) return false;
  return !scheme.startsWith("http") || URL.canParse(value);
}

function url<const Options extends FieldOptions<string> & { readonly schemes?: readonly string[] }>(options: Options) {
  const schemes = options.schemes ?? ["http", "https"];
  return make<string, Options>(options, {
    kind: "url",
    schema: TEXT,
    allowed: schemes.map((scheme) => `${scheme}://…`).join(" "),
    parse: (raw) => {
      const value = scalar(raw);
      const urls = splitUrls(value ?? "");
      return value !== undefined && urls.length > 0 && urls.every((one) => isUrlOf(one, schemes))
        ? accept(value)
        : refuse(`a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}`);
    },
    show: (value) => withoutCredentials(String(value)),
  });
}

function rangeInWords({ min, max }: NumberOptions): string | undefined {
  if (min !== undefined && max !== undefined) return `${min} … ${max}`;
  if (min !== undefined) return `≥ ${min}`;
  return max === undefined ? undefined : `≤ ${max}`;
}

function numeric<Options extends NumberOptions>(options: Options, kind: "int" | "number") {
  const { min = -Infinity, max = Infinity, unit } = options;
  const allowed = rangeInWords(options);
  const noun = kind === "int" ? "a whole number" : "a number";
  const expected = [noun, allowed && `in ${allowed}`, unit && `(${unit})`].filter(Boolean).join(" ");
  return make<number, Options>(options, {
    kind,
    unit,
    allowed,
    schema: {
      type: kind === "int" ? "integer" : "number",
      ...(options.min !== undefined && { minimum: options.min }),
      ...(options.max !== undefined && { maximum: options.max }),
    },
    parse: (raw) => {
      const written = scalar(raw);
      // Number() also reads "0x10" and "": only decimal notation is meant here.
      const isDecimal = written !== undefined && /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/iu.test(written);
      const value = isDecimal ? Number(written) : Number.NaN;
      const fits = value >= min && value <= max && (kind === "number" || Number.isSafeInteger(value));
      return fits ? accept(value) : refuse(expected);
    },
  });
}

const int = <const Options extends NumberOptions>(options: Options) => numeric(options, "int");
const number = <const Options extends NumberOptions>(options: Options) => numeric(options, "number");

const WRITTEN_BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...["true", "1", "yes", "on"].map((word) => [word, true] as const),
  ...["false", "0", "no", "off"].map((word) => [word, false] as const),
]);

function bool<const Options extends FieldOptions<boolean>>(options: Options) {
  return make<boolean, Options>(options, {
    kind: "bool",
    schema: { type: "boolean" },
    parse: (raw) => {
      const value = WRITTEN_BOOLEANS.get(scalar(raw)?.toLowerCase() ?? "");
      return value === undefined ? refuse("true, 1, yes, on, or false, 0, no, off") : accept(value);
    },
  });
}

function choice<
  const Choice extends string,
  const Options extends FieldOptions<NoInfer<Choice>> & { readonly choices: readonly Choice[] },
>(options: Options & { readonly choices: readonly Choice[] }) {
  const { choices } = options;
  return make<Choice, Options>(options, {
    kind: "choice",
    schema: { type: "string", enum: [...choices] },
    allowed: choices.join(" | "),
    parse: (raw) => {
      const written = scalar(raw)?.toLowerCase();
      const value = choices.find((candidate) => candidate.toLowerCase() === written);
      return value === undefined ? refuse(`one of ${choices.join(", ")}`) : accept(value);
    },
  });
}

function list<
  const Options extends FieldOptions<readonly string[]> & { readonly separator?: string; readonly minCount?: number },
>(options: Options) {
  const { separator = ",", minCount = 0 } = options;
  const expected = `a list of ${minCount > 0 ? `at least ${minCount} texts` : "texts"} (separated by "${separator}", or a YAML list)`;
  return make<readonly string[], Options>(options, {
    kind: "list",
    schema: { type: "array", items: TEXT_ITEM, ...(minCount > 0 && { minItems: minCount }) },
    allowed: `separated by \`${separator}\``,
    parse: (raw) => {
      const items = Array.isArray(raw) ? raw.map(scalar) : scalar(raw)?.split(separator);
      const values = items?.map((item) => item?.trim());
      if (values === undefined || values.includes(undefined)) return refuse(expected);
      const kept = values.filter((value): value is string => value !== undefined && value !== "");
      return kept.length < minCount ? refuse(expected) : accept(kept);
    },
    show: (value) => (Array.isArray(value) ? value.join(separator) : String(value)),
  });
}

/** Read as a `Secret`: from its variable, from the file that `<NAME>_FILE` names, or from the YAML file. */
function secret<const Options extends Omit<FieldOptions<Secret>, "default">>(options: Options) {
  return make<Secret, Options>(options, {
    kind: "secret",
    schema: TEXT,
    parse: (raw) => {
      const value = scalar(raw);
      return value === undefined ? refuse("one line of text") : accept(new Secret(value));
    },
    show: (value) => (value === undefined ? "" : "set"),
  });
}

/** The kinds of settings. */
export const field = Object.freeze({ text, url, int, number, bool, choice, list, secret });
