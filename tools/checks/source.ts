import { type Comment, type Node, parseSync } from "oxc-parser";
import type { Finding } from "./finding.ts";

/** A parsed source file. */
export interface Source {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly program: Node & { readonly type: "Program" };
  readonly comments: readonly Comment[];
  /** Offsets at which the lines begin, the first one 0. */
  readonly lineStarts: readonly number[];
}

/** Parses a file. Throws with the parser's own words when its syntax is broken. */
export function parseSource(path: string, text: string): Source {
  const { program, comments, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new SyntaxError(`${path}: ${error.codeframe ?? error.message}`);
  return { path, text, program, comments, lineStarts: lineStartsOf(text) };
}

/** The line of an offset, counted from 1. */
export function lineAt({ lineStarts }: Source, offset: number): number {
  const next = lineStarts.findIndex((start) => start > offset);
  return next === -1 ? lineStarts.length : next;
}

/** How many lines the file has; the line break at its end begins no further one. */
export function lineCount({ text, lineStarts }: Source): number {
  return text.endsWith("\n") ? lineStarts.length - 1 : lineStarts.length;
}

/** Makes findings of a rule, at a node or comment. */
export function reporter(rule: string): (source: Source, at: { readonly start: number }, message: string) => Finding {
  return (source, at, message) => ({ path: source.path, line: lineAt(source, at.start), rule, message });
}

function lineStartsOf(text: string): readonly number[] {
  return [0, ...text.matchAll(/\n/g).map(({ index }) => index + 1)];
}
