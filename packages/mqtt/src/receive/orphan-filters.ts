/** Topics with more levels than this have too many possible filters to unsubscribe from blindly. */
const MAX_LEVELS = 6;

/**
 * Every filter without a share that covers a topic: at most 3 · 2^levels. Pure.
 * Undefined when the topic is too deep.
 */
export function filtersCovering(topic: string): readonly string[] | undefined {
  const levels = topic.split("/");
  if (levels.length > MAX_LEVELS) return undefined;
  const covering: string[] = topic.startsWith("$") ? [] : ["#"];
  let prefixes: readonly string[] = [""];
  for (const [depth, level] of levels.entries()) {
    const choices = depth === 0 && level.startsWith("$") ? [level] : [level, "+"];
    const separator = depth === 0 ? "" : "/";
    prefixes = prefixes.flatMap((prefix) => choices.map((choice) => `${prefix}${separator}${choice}`));
    covering.push(...prefixes.map((prefix) => `${prefix}/#`));
  }
  covering.push(...prefixes);
  return covering;
}
