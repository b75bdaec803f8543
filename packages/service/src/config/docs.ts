import { type ConfigDefinition, envNames, fileKey } from "./define.ts";
import type { Field } from "./field.ts";

/** What the documentation needs of a definition. */
export type DocumentedDefinition = Pick<ConfigDefinition, "name" | "prefix" | "fields">;

const HEAD = `# Settings

Generated from the services' \`config.ts\`; do not edit.

Every setting is read from the command line, else the environment, else the configuration file, else its default; empty
counts as unset. The file is \`~/.config/ts-tars/config.yaml\`, or the one that \`TARS_CONFIG\` names: one section per
heading below (a service's is called as the service is), one key per line:

\`\`\`yaml
mqtt:
  url: mqtts://hub.local
log:
  level: debug
\`\`\`

A secret can also stand in a file of its own, named by \`<VARIABLE>_FILE\` (or the key with \`_file\` behind it).
\`tars config\` prints each value and where it comes from.

\`tars config set tts-worker volume=0.5\` changes the file, and leaves comments and order as they are; nothing behind the equals sign
means back to the default. While the robot runs, the service itself checks and saves what is set (\`config/{service}/set\`); the last
column says when it takes effect. What a flag or a variable fixes cannot be set. A secret is read from standard input:
\`tars config set llm-worker api_key < key.txt\`. \`tars config get tts-worker\` shows what a service works with, and what waits.
`;

/** `docs/config.md`: one table per definition. */
export function renderConfigDocs(definitions: readonly DocumentedDefinition[]): string {
  return `${[HEAD, ...definitions.map(section)].join("\n")}`;
}

function section(definition: DocumentedDefinition): string {
  const rows = Object.entries(definition.fields).map(([key, field]) => row(definition, key, field));
  return `## ${definition.name}

| variable | key | meaning | allowed | default | a change |
|---|---|---|---|---|---|
${rows.join("\n")}
`;
}

function row(definition: Pick<ConfigDefinition, "prefix">, key: string, field: Field): string {
  const [name, ...aliases] = envNames(definition, key, field);
  const also = aliases.length === 0 ? "" : ` (also ${aliases.map(code).join(", ")})`;
  const cells = [`${code(name)}${also}`, code(fileKey(key)), field.doc, allowed(field), missing(field), effect(field)];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
}

const code = (text: string): string => `\`${text}\``;

function allowed(field: Field): string {
  if (field.kind === "bool") return "true, false";
  return [field.kind === "choice" ? "" : field.kind, field.allowed, field.unit].filter(Boolean).join(", ");
}

const effect = ({ live }: Field): string => (live ? "takes effect at once" : "at the next start");

function missing({ missing, show }: Field): string {
  if (missing.kind === "required") return "**required**";
  if (missing.kind === "absent") return "unset";
  const shown = show(missing.value);
  return shown === "" ? "empty" : code(shown);
}
