import { type ConfigDefinition, envNames, flagName } from "./define.ts";

/** What `--help` of a service prints: its flags, each with its variable and meaning. */
export function renderUsage(definitions: readonly Pick<ConfigDefinition, "name" | "prefix" | "fields">[]): string {
  const shown = new Set<string>();
  const blocks = definitions.map((definition, index) => {
    const rows = Object.entries(definition.fields).flatMap(([key, field]) => {
      const flag = `--${index === 0 || field.hasBareFlag ? "" : `${definition.name}-`}${flagName(key)}${field.kind === "secret" ? "-file" : ""}`;
      if (shown.has(flag)) return [];
      shown.add(flag);
      return [`  ${flag.padEnd(34)} ${field.doc} (${envNames(definition, key, field)[0]})`];
    });
    return `${definition.name}\n${rows.join("\n")}`;
  });
  return `${blocks.join("\n\n")}\n`;
}
