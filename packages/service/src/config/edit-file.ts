import { type Document, isMap, isScalar, parseDocument } from "yaml";
import type { FileEdit } from "./change-settings.ts";
import { type ConfigFile, parseConfigFile } from "./file.ts";

/** The new text of the file, or why it cannot be edited. */
export type EditedText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: string };

/**
 * Makes the edits in the text of a configuration file; comments and order stay. What comes out is read again: it says what was
 * wished, and of everything else what it said before, or it is not given back.
 */
export function editConfigText(
  text: string,
  edits: readonly FileEdit[],
  { path }: { readonly path: string },
): EditedText {
  const before = parseConfigFile(text, { path });
  const [problem] = before.problems;
  if (problem !== undefined) return { ok: false, problem: `${problem} Mend the file first.` };
  const edited = editedText(text, edits);
  const after = edited === undefined ? undefined : parseConfigFile(edited, { path });
  return edited !== undefined && after?.problems.length === 0 && isAsWished(before.file, after.file, edits)
    ? { ok: true, text: edited }
    : { ok: false, problem: `${path} cannot be changed without touching what else is in it: edit it by hand.` };
}

/** Undefined when what is left makes no document, such as an alias without its anchor. */
function editedText(text: string, edits: readonly FileEdit[]): string | undefined {
  const document = parseDocument(text);
  for (const edit of edits) apply(document, edit);
  try {
    // No folding: a line that was one line stays one.
    return document.toString({ lineWidth: 0 });
  } catch {
    return undefined;
  }
}

function apply(document: Document, { section, key, value }: FileEdit): void {
  const map = document.get(section);
  if (!isMap(map)) {
    if (value !== undefined) document.set(section, document.createNode({ [key]: value }));
    return;
  }
  if (value === undefined) {
    map.delete(key);
    if (map.items.length === 0 && map.comment == null) document.delete(section);
    return;
  }
  const node = document.createNode(value);
  // A new value, not the old one's with other contents: an anchor on that would carry the change to its aliases.
  keepComments(map.get(key, true), node);
  // `{}` of an empty section would put everything on one line.
  if (map.items.length === 0) map.flow = false;
  map.set(key, node);
}

function keepComments(from: unknown, to: unknown): void {
  if (!isScalar(from) || !isScalar(to)) return;
  if (from.comment != null) to.comment = from.comment;
  if (from.commentBefore != null) to.commentBefore = from.commentBefore;
}

function isAsWished(before: ConfigFile, after: ConfigFile, edits: readonly FileEdit[]): boolean {
  const wished = entriesOf(before);
  for (const { section, key, value } of edits) {
    if (value === undefined) wished.delete(nameOf(section, key));
    else wished.set(nameOf(section, key), JSON.stringify(value));
  }
  const got = entriesOf(after);
  return got.size === wished.size && [...wished].every(([name, value]) => got.get(name) === value);
}

function entriesOf({ sections }: ConfigFile): Map<string, string> {
  const all = [...sections].flatMap(([section, entries]) =>
    [...entries].map(([key, { value }]) => [nameOf(section, key), JSON.stringify(value ?? null)] as const),
  );
  return new Map(all);
}

/** A text that no other pair has. */
const nameOf = (section: string, key: string): string => JSON.stringify([section, key]);
