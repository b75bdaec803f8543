import type { Finding } from "./finding.ts";
import { parseSource } from "./source.ts";
import { doorsOf, type World } from "./world.ts";

/** A repository made of texts, by path. */
export function worldOf(files: Readonly<Record<string, string>>): World {
  const docs = Object.entries(files).map(([path, text]) => ({ path, text }));
  return {
    sources: docs.filter(({ path }) => /\.tsx?$/.test(path)).map(({ path, text }) => parseSource(path, text)),
    docs: docs.filter(({ path }) => path.endsWith(".md")),
    paths: new Set(docs.map(({ path }) => path)),
    doors: new Map(docs.filter(({ path }) => path.endsWith("package.json")).flatMap(doorsOf)),
  };
}

/** Findings as `path:line`, which is what most tests compare. */
export function placesOf(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ path, line }) => `${path}:${line}`);
}
