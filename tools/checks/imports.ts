import { posix } from "node:path";
import type { Node } from "oxc-parser";
import { lineAt, type Source } from "./source.ts";
import { walk } from "./walk.ts";

/** One import, re-export or dynamic import with a literal name. */
export interface Import {
  readonly specifier: string;
  /** Nothing of it is left at run time. */
  readonly isTypeOnly: boolean;
  readonly line: number;
}

/** Everything a file imports. */
export function importsOf(source: Source): readonly Import[] {
  const found: Import[] = [];
  walk(source.program, (node) => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) {
      found.push({ specifier, isTypeOnly: isTypeOnly(node), line: lineAt(source, node.start) });
    }
  });
  return found;
}

/** The file a specifier leads to: a relative path, or a door of one of our packages; undefined for everything else. */
export function resolveImport(from: Source, specifier: string, doors: ReadonlyMap<string, string>): string | undefined {
  return specifier.startsWith(".")
    ? posix.normalize(posix.join(posix.dirname(from.path), specifier))
    : doors.get(specifier);
}

function specifierOf(node: Node): string | undefined {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "TSImportType":
      return node.source.value;
    case "ExportNamedDeclaration":
      return node.source?.value;
    case "ImportExpression":
      return node.source.type === "Literal" && typeof node.source.value === "string" ? node.source.value : undefined;
    default:
      return undefined;
  }
}

function isTypeOnly(node: Node): boolean {
  if (node.type === "TSImportType") return true;
  if (node.type === "ImportDeclaration") return node.importKind === "type";
  return (node.type === "ExportNamedDeclaration" || node.type === "ExportAllDeclaration") && node.exportKind === "type";
}
