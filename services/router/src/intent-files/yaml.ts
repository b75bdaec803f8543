import { isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import type { IntentDocument } from "../intent-file.ts";

/** Reads the text of an intents file. Never throws: what is no YAML, or says a thing twice, is in `problems`. */
export function parseIntentYaml(text: string): IntentDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let length = path.length; length > 0; length -= 1) {
      const node =
        keyOf(document.getIn(path.slice(0, length - 1), true), path[length - 1]) ??
        document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lineAt(node.range[0]);
    }
    return 1;
  };
  // What is no YAML makes no sense to the end of the file: only the first such error is worth reading.
  const broken = document.errors.filter(({ code }) => code !== "DUPLICATE_KEY").slice(0, 1);
  const doubled = document.errors.filter(({ code }) => code === "DUPLICATE_KEY");
  const problems = [...broken, ...doubled].map(({ pos, message }) => ({ line: lineAt(pos[0]), message }));
  return { value: problems.length === 0 ? document.toJS() : undefined, lineOf, problems };
}

/** A map is looked for where its name stands, not where its content begins. */
function keyOf(parent: unknown, name: PropertyKey | undefined): unknown {
  if (!isMap(parent)) return undefined;
  return parent.items.find(({ key }) => isScalar(key) && String(key.value) === name)?.key;
}
