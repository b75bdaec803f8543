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

/**
 * How many members of `input`, at any depth, the schema left out of `output`; `TOO_DEEP` when there is no end to it.
 * One walk over both: a branch that the schema handed through as it is has lost nothing, only its depth is looked at.
 */
export function countStripped(input: unknown, output: unknown, depth = 0): number {
  if (typeof input !== "object" || input === null) return 0;
  if (depth >= MAX_DEPTH) return TOO_DEEP;
  let count = 0;
  if (Array.isArray(input)) {
    const kept: readonly unknown[] = Array.isArray(output) ? output : [];
    for (let index = 0; index < input.length; index += 1) {
      const item: unknown = input[index];
      if (typeof item !== "object" || item === null) continue;
      const inner = countStripped(item, kept[index], depth + 1);
      if (inner === TOO_DEEP) return TOO_DEEP;
      count += inner;
    }
    return count;
  }
  const given: JsonObject = input as JsonObject; // an object that is no array
  const kept: JsonObject = isJsonObject(output) ? output : {};
  for (const name in given) {
    const member = given[name];
    if (member === undefined) continue;
    if (!Object.hasOwn(kept, name)) {
      // Nobody reads it, but whether the message is read must not hang on a null elsewhere in it, which has it walked through.
      if (countStripped(member, member, depth + 1) === TOO_DEEP) return TOO_DEEP;
      count += 1;
      continue;
    }
    if (typeof member !== "object" || member === null) continue;
    const inner = countStripped(member, kept[name], depth + 1);
    if (inner === TOO_DEEP) return TOO_DEEP;
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
