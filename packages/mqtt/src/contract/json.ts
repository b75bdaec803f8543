/** Deeper than any message of ours, shallow enough that no walk over one can overflow a stack. */
export const MAX_DEPTH = 64;

/** A JSON object, as opposed to an array, a scalar or null. */
export type JsonObject = Record<string, unknown>;

/** Whether a parsed value is an object with named members. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What `cleanse` has met on its way. */
export interface Cleansed {
  readonly value: unknown;
  /** Members named `__proto__`, which would turn into prototypes when copied carelessly. */
  readonly dropped: number;
}

/**
 * A parsed value without members that are null (they mean "absent") and without members named `__proto__`; nulls below
 * the paths in `keepNull`, and in arrays, stay. Undefined when it is nested deeper than `MAX_DEPTH`.
 */
export function cleanse(value: unknown, keepNull: readonly string[]): Cleansed | undefined {
  const walk = { keepNull, dropped: 0, isTooDeep: false };
  const cleansed = copyWithoutNulls(value, { walk, path: "", keepsNulls: false, depth: 0 });
  return walk.isTooDeep ? undefined : { value: cleansed, dropped: walk.dropped };
}

interface Place {
  readonly walk: { readonly keepNull: readonly string[]; dropped: number; isTooDeep: boolean };
  readonly path: string;
  readonly keepsNulls: boolean;
  readonly depth: number;
}

function copyWithoutNulls(value: unknown, place: Place): unknown {
  if (typeof value !== "object" || value === null) return value;
  const depth = place.depth + 1;
  if (depth > MAX_DEPTH) {
    place.walk.isTooDeep = true;
    return undefined;
  }
  if (Array.isArray(value)) return value.map((item) => copyWithoutNulls(item, { ...place, depth }));
  const copy: JsonObject = {};
  for (const [name, member] of Object.entries(value)) {
    if (name === "__proto__") {
      place.walk.dropped += 1;
    } else if (member !== null || place.keepsNulls) {
      const path = place.path === "" ? name : `${place.path}.${name}`;
      const keepsNulls = place.keepsNulls || place.walk.keepNull.includes(path);
      copy[name] = copyWithoutNulls(member, { walk: place.walk, path, keepsNulls, depth });
    }
  }
  return copy;
}

/** What `countStripped` answers for values that are nested deeper than `MAX_DEPTH`. */
export const TOO_DEEP = -1;
/** What it answers for values that `cleanse` would change, where it was to look for that. */
export const UNCLEAN = -2;

/** How deep a walk is, and what it minds; the last place has none deeper. */
interface Level {
  readonly mindsNulls: boolean;
  readonly deeper: Level | undefined;
}

function levels(mindsNulls: boolean): Level {
  let level: Level = { mindsNulls, deeper: undefined };
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) level = { mindsNulls, deeper: level };
  return level;
}

/** Nulls are values like others: what is sent. */
const ANY_VALUES = levels(false);
/** To be looked for: members that are null, and members named `__proto__`. */
export const CLEAN_ALONE = levels(true);

/**
 * How many members of `input`, at any depth, the schema left out of `output`; `TOO_DEEP` when there is no end to it.
 * One walk over both: a branch that the schema handed through as it is has lost nothing, only its depth is looked at, and
 * with `CLEAN_ALONE` whether it is clean.
 */
export function countStripped(input: unknown, output: unknown, level: Level = ANY_VALUES): number {
  if (typeof input !== "object" || input === null) return 0;
  if (level.deeper === undefined) return TOO_DEEP;
  if (Array.isArray(input)) return countInItems(input, output, level.deeper);
  let count = 0;
  const given: JsonObject = input as JsonObject; // an object that is no array
  const kept: JsonObject = isJsonObject(output) ? output : {};
  for (const name in given) {
    const member = given[name];
    if (member === undefined) continue;
    if (level.mindsNulls && (member === null || name === "__proto__")) return UNCLEAN;
    const isKept = Object.hasOwn(kept, name);
    if (!isKept) count += 1;
    if (typeof member !== "object" || member === null) continue;
    // Of a member that nobody reads too: whether the message is read must not hang on what else is in it.
    const inner = countStripped(member, isKept ? kept[name] : member, level.deeper);
    if (inner < 0) return inner;
    count += inner;
  }
  return count;
}

function countInItems(input: readonly unknown[], output: unknown, level: Level): number {
  let count = 0;
  const kept: readonly unknown[] = Array.isArray(output) ? output : [];
  for (let index = 0; index < input.length; index += 1) {
    const item: unknown = input[index];
    if (typeof item !== "object" || item === null) continue;
    const inner = countStripped(item, kept[index], level);
    if (inner < 0) return inner;
    count += inner;
  }
  return count;
}

/** The paths of the members that `countStripped` counts. */
export function pathsOfStripped(input: unknown, output: unknown, path = ""): readonly string[] {
  if (typeof input !== "object" || input === null) return [];
  const kept: JsonObject = typeof output === "object" && output !== null ? (output as JsonObject) : {}; // arrays too: their indexes are names
  return Object.entries(input).flatMap(([name, member]) => {
    const here = path === "" ? name : `${path}.${name}`;
    if (member === undefined) return [];
    return Object.hasOwn(kept, name) ? pathsOfStripped(member, kept[name], here) : [here];
  });
}

/** The value without the members at these paths; indexes of arrays are not part of a path. */
export function without(value: unknown, paths: readonly string[], path = ""): unknown {
  if (typeof value !== "object" || value === null || paths.length === 0) return value;
  if (Array.isArray(value)) return value.map((item) => without(item, paths, path));
  const members = Object.entries(value).flatMap(([name, member]) => {
    const here = path === "" ? name : `${path}.${name}`;
    return paths.includes(here) ? [] : [[name, without(member, paths, here)] as const];
  });
  return Object.fromEntries(members);
}
