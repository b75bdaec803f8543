/**
 * Public doors: an `index.ts` exists only where package.json names it, contains only export lines, and everything that
 * `packages/` export through a door has a doc comment at its declaration.
 */
import type { Node } from "oxc-parser";
import type { Finding } from "./finding.ts";
import { resolveImport } from "./imports.ts";
import { reporter, type Source } from "./source.ts";
import type { World } from "./world.ts";

const report = reporter("doors");

/** Every door with logic in it, every index that is no door, every undocumented public export. */
export function checkDoors(world: World): readonly Finding[] {
  const doors = new Set(world.doors.values());
  const indexes = world.sources.filter(({ path }) => /^(packages|services)\/.*\/index\.tsx?$/.test(path));
  const publicDoors = world.sources.filter(({ path }) => doors.has(path) && path.startsWith("packages/"));
  return [...indexes.flatMap((source) => checkIndex(source, doors)), ...checkDocumented(publicDoors, world)];
}

function checkIndex(source: Source, doors: ReadonlySet<string>): readonly Finding[] {
  if (!doors.has(source.path)) {
    const message = "index.ts only as a public door (`exports` in package.json); name the file after its idea.";
    return [report(source, { start: 0 }, message)];
  }
  return source.program.body
    .filter((statement) => !isExportLine(statement))
    .map((statement) => report(source, statement, "a door contains only `export … from` lines."));
}

function isExportLine(statement: Node): boolean {
  if (statement.type === "ExportAllDeclaration") return true;
  return statement.type === "ExportNamedDeclaration" && statement.declaration === null;
}

function checkDocumented(doors: readonly Source[], world: World): readonly Finding[] {
  const names = doors.flatMap((door) => publicNames(door, { world, seen: new Set() }));
  // The same declaration may leave through two doors.
  const unique = new Map(names.map((name) => [`${name.source.path}#${name.name}`, name]));
  return [...unique.values()].flatMap(({ source, name }) => {
    const [first, ...overloads] = declarationsOf(source, name);
    if (first === undefined) return [];
    // Overloads, and a type with its constant, share a name: one comment among them is enough.
    if ([first, ...overloads].some((statement) => hasDocComment(source, statement))) return [];
    return [report(source, first, `${name} is public and has no doc comment: say what its type cannot.`)];
  });
}

interface PublicName {
  readonly source: Source;
  readonly name: string;
}

/** What a door lets out, followed to the files that declare it. */
function publicNames(
  door: Source,
  { world, seen }: { readonly world: World; readonly seen: Set<string> },
): readonly PublicName[] {
  if (seen.has(door.path)) return [];
  seen.add(door.path);
  return door.program.body.flatMap((statement) => {
    if (statement.type === "ExportAllDeclaration") {
      const target = targetOf(door, { specifier: statement.source.value, world });
      return target === undefined ? [] : publicNames(target, { world, seen });
    }
    if (statement.type !== "ExportNamedDeclaration") return [];
    if (statement.declaration !== null) return namesOf(statement.declaration).map((name) => ({ source: door, name }));
    const target = statement.source === null ? door : targetOf(door, { specifier: statement.source.value, world });
    if (target === undefined) return [];
    return statement.specifiers.map(({ local }) => ({
      source: target,
      name: local.type === "Identifier" ? local.name : "",
    }));
  });
}

function targetOf(
  from: Source,
  { specifier, world }: { readonly specifier: string; readonly world: World },
): Source | undefined {
  const path = resolveImport(from, specifier, world.doors);
  return world.sources.find((source) => source.path === path);
}

/** The top-level statements that declare a name. */
function declarationsOf({ program }: Source, name: string): readonly Node[] {
  return program.body.filter((statement) => {
    const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    return declaration !== null && namesOf(declaration).includes(name);
  });
}

function namesOf(declaration: Node): readonly string[] {
  switch (declaration.type) {
    case "VariableDeclaration":
      return declaration.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []));
    case "FunctionDeclaration":
    case "ClassDeclaration":
    case "TSDeclareFunction":
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
      return declaration.id === null ? [] : [declaration.id.name];
    default:
      return [];
  }
}

function hasDocComment({ comments, text }: Source, statement: Node): boolean {
  return comments.some(
    ({ type, value, start, end }) =>
      type === "Block" &&
      value.startsWith("*") &&
      start < statement.start &&
      text.slice(end, statement.start).trim() === "",
  );
}
