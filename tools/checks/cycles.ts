/** No import cycles, types included: two files that need each other are one idea, or hide a third. */
import type { Finding } from "./finding.ts";
import { importsOf, resolveImport } from "./imports.ts";
import type { World } from "./world.ts";

const RULE = "cycles";

interface Edge {
  readonly to: string;
  readonly line: number;
}

/** One finding per cycle, at the import that closes it. */
export function checkCycles({ sources, doors }: World): readonly Finding[] {
  const known = new Set(sources.map(({ path }) => path));
  const edges = new Map<string, readonly Edge[]>(
    sources.map((source) => [
      source.path,
      importsOf(source).flatMap(({ specifier, line }) => {
        const to = resolveImport(source, specifier, doors);
        return to !== undefined && known.has(to) ? [{ to, line }] : [];
      }),
    ]),
  );
  return findCycles(edges);
}

/** Depth first: an import of a file that is still being visited closes a cycle. */
function findCycles(edges: ReadonlyMap<string, readonly Edge[]>): readonly Finding[] {
  const findings: Finding[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    for (const { to, line } of edges.get(path) ?? []) {
      if (trail.includes(to)) {
        const cycle = [...trail.slice(trail.indexOf(to)), to].join(" → ");
        findings.push({
          path,
          line,
          rule: RULE,
          message: `import cycle ${cycle}; move what both need into a third file.`,
        });
      } else if (!done.has(to)) {
        visit(to, [...trail, to]);
      }
    }
    done.add(path);
  };
  for (const path of edges.keys()) if (!done.has(path)) visit(path, [path]);
  return findings;
}
