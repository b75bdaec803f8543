import { isMap, isScalar, LineCounter, parseDocument, type YAMLMap } from "yaml";

/** One key of a section, and where it stands. */
export interface FileEntry {
  readonly value: unknown;
  readonly line: number;
}

/** The configuration file, parsed: sections by service name, keys by setting. */
export interface ConfigFile {
  readonly path: string;
  readonly sections: ReadonlyMap<string, ReadonlyMap<string, FileEntry>>;
  /** People other than its owner may read it; a warning when secrets are in it. */
  readonly isReadableByOthers: boolean;
}

/** A parsed file, and what is wrong with it: one sentence each, with line and column. */
export interface ParsedFile {
  readonly file: ConfigFile;
  readonly problems: readonly string[];
}

/** A file that says nothing, for a path where none is. */
export const emptyFile = (path: string): ConfigFile => ({ path, sections: new Map(), isReadableByOthers: false });

/** Reads the text of a configuration file. Never throws: what cannot be read is in `problems`. */
export function parseConfigFile(text: string, options: { path: string; isReadableByOthers?: boolean }): ParsedFile {
  const { path, isReadableByOthers = false } = options;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  const empty = emptyFile(path);
  if (document.errors.length > 0) {
    return {
      file: empty,
      problems: document.errors.map((error) => `${at(error.pos[0])}: not valid YAML: ${error.message}`),
    };
  }
  if (document.contents === null) return { file: empty, problems: [] };
  if (!isMap(document.contents)) {
    return {
      file: empty,
      problems: [`${at(0)}: the file must consist of sections, such as "router:" with its settings below.`],
    };
  }
  const problems: string[] = [];
  const sections = new Map<string, ReadonlyMap<string, FileEntry>>();
  for (const { key, value } of document.contents.items) {
    const name = isScalar(key) ? String(key.value) : "";
    if (isMap(value)) sections.set(name, entriesOf(value, lines));
    else if (isScalar(value) && value.value === null) sections.set(name, new Map());
    else problems.push(`${at(offsetOf(key))}: "${name}" must be a section with settings below it.`);
  }
  return { file: { path, sections, isReadableByOthers }, problems };
}

function entriesOf(section: YAMLMap, lines: LineCounter): ReadonlyMap<string, FileEntry> {
  const entries = new Map<string, FileEntry>();
  for (const { key, value } of section.items) {
    const name = isScalar(key) ? String(key.value) : "";
    const plain: unknown = isScalar(value) ? value.value : toPlain(value);
    entries.set(name, { value: plain, line: lines.linePos(offsetOf(key)).line });
  }
  return entries;
}

function toPlain(node: unknown): unknown {
  const hasJson = typeof node === "object" && node !== null && "toJSON" in node && typeof node.toJSON === "function";
  return hasJson ? (node.toJSON as () => unknown)() : node; // checked to be a function on the line above
}

function offsetOf(node: unknown): number {
  const range = typeof node === "object" && node !== null && "range" in node ? node.range : undefined;
  return Array.isArray(range) && typeof range[0] === "number" ? range[0] : 0;
}
