/** What of a parsed value counts: a null member is an absent one. Pure. */
import { isJsonObject } from "./envelope.ts";

/** Deeper than every message may be, and no deeper than a stack. */
const PRUNED_DEPTH_MAX = 100;

/** A value without its null members, but below the paths of `keepNull`, and without members named `__proto__`. */
export function withoutNulls(
  value: unknown,
  keepNull: readonly string[],
): { readonly value: unknown; readonly hasPrototypes: boolean } {
  let hasPrototypes = false;
  const prune = (part: unknown, path: readonly string[], depth = 0): unknown => {
    if (depth > PRUNED_DEPTH_MAX) return part;
    if (Array.isArray(part)) return part.map((item) => prune(item, path, depth + 1));
    if (!isJsonObject(part)) return part;
    const keeps = keepNull.some((kept) => `${path.join(".")}.`.startsWith(`${kept}.`));
    const entries = Object.entries(part).filter(([name, member]) => {
      if (name === "__proto__") hasPrototypes = true;
      return name !== "__proto__" && (member !== null || keeps);
    });
    return Object.fromEntries(entries.map(([name, member]) => [name, prune(member, [...path, name], depth + 1)]));
  };
  const pruned = prune(value, []);
  return { value: pruned, hasPrototypes };
}

/** How many objects and lists stand in each other; 0 for a scalar. */
export function depthOf(value: unknown): number {
  let depth = 0;
  let level: readonly unknown[] = [value];
  for (;;) {
    const containers = level.filter((part) => typeof part === "object" && part !== null);
    if (containers.length === 0) return depth;
    depth += 1;
    level = containers.flatMap((part) => Object.values(Object(part)));
  }
}
