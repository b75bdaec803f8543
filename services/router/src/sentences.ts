/**
 * Cuts a growing text into sentences as soon as their end is certain. Pure.
 *
 * 1. Any split of the input gives the same sentences: an end is taken only when what follows it cannot change it.
 * 2. A fenced code block is one piece; a heading, a list item, a quoted line, a table row is one piece.
 * 3. Nothing is lost but the white space around a piece.
 * 4. `waiting` is bounded: without an end, a piece is cut at the last space before `PIECE_MAX_CHARS`.
 */
import { judgeEnd } from "./sentence-end.ts";

/** A text being cut: what came after the last end. */
export interface Cutter {
  readonly waiting: string;
}

/** A cutter that has seen nothing. */
export const EMPTY_CUTTER: Cutter = { waiting: "" };

/** Longer than any sentence worth saying in one breath; the bound of memory, not a matter of style. */
const PIECE_MAX_CHARS = 1_000;
/** A code block is not spoken, so it may wait longer for its end. */
const FENCE_MAX_CHARS = 16_000;
/** A bracket or quote mark still open after this many characters was a typo or a smiley. */
const OPEN_SPAN_MAX_CHARS = 240;

const BLOCK_LINE = /^[ \t]{0,3}(?:[-*+•][ \t]|\d{1,3}[.)][ \t]|#{1,6}[ \t]|>|\|)/;
/** A line of which it cannot be told yet whether it begins a block. */
const MAYBE_BLOCK_LINE = /^[ \t]{0,3}(?:$|[-*+•]$|\d{1,3}[.)]?$|#{1,6}$|`{1,2}$|~{1,2}$)/;
const FENCE = /^[ \t]{0,3}(`{3,}|~{3,})/;
/** Latin, CJK, Arabic, Urdu, Devanagari, Ethiopic, Armenian, Burmese, Khmer and Greek marks. */
const MARK = /[.!?…。！？｡؟\u06d4\u0964\u0965\u1362\u0589\u104b\u17d4\u037e]/;

/** Where a piece ends, or that more text is needed to know. */
type Found = number | "wait";

/** Whether the text is known to its end. */
interface Extent {
  readonly isAll: boolean;
}

/** The next cutter, and the sentences that are certain now, in order. */
export function cut(cutter: Cutter, delta: string): readonly [Cutter, readonly string[]] {
  return cutAll(cutter.waiting + delta, { isAll: false });
}

/** What waits is all there is: the last sentences. */
export function flush(cutter: Cutter): readonly string[] {
  return cutAll(cutter.waiting, { isAll: true })[1];
}

/**
 * For a writer who pauses: takes a sentence that ends where the text ends, unless its full stop could belong to a
 * number, an initial or an abbreviation. The one place where the moment of the call matters.
 */
export function cutAtPause(cutter: Cutter): readonly [Cutter, readonly string[]] {
  const text = cutter.waiting.trimEnd();
  const endsOpen = /[\d.]\.["'”’»)\]*_]*$/.test(text);
  const found = endsOpen ? "wait" : findEnd(`${text} X`, { isAll: false });
  return found === text.length ? [EMPTY_CUTTER, [text.trimStart()]] : [cutter, []];
}

function cutAll(text: string, how: Extent): readonly [Cutter, readonly string[]] {
  const sentences: string[] = [];
  let rest = text.trimStart();
  for (;;) {
    const end = findEnd(rest, how);
    if (end === "wait") break;
    const sentence = rest.slice(0, end).trim();
    if (sentence !== "") sentences.push(sentence);
    if (end >= rest.length) return [EMPTY_CUTTER, sentences];
    rest = rest.slice(end).trimStart();
  }
  return [{ waiting: rest }, sentences];
}

/** The end of the first piece of `text`, which begins at the start of a line. */
function findEnd(text: string, how: Extent): Found {
  const { isAll } = how;
  if (text === "") return isAll ? 0 : "wait";
  const fence = FENCE.exec(text);
  if (fence?.[1] !== undefined) return fenceEnd(text, { mark: fence[1], isAll });
  if (!isAll && MAYBE_BLOCK_LINE.test(text)) return "wait";
  const found = scan(text, how);
  if (found !== "wait") return found;
  if (text.length > PIECE_MAX_CHARS) return breathBefore(text, PIECE_MAX_CHARS);
  return isAll ? text.length : "wait";
}

function fenceEnd(text: string, { mark, isAll }: { readonly mark: string; readonly isAll: boolean }): Found {
  const opening = text.indexOf("\n");
  let lineAt = opening === -1 ? text.length : opening + 1;
  while (lineAt < text.length) {
    const newline = text.indexOf("\n", lineAt);
    if (newline === -1 && !isAll) break;
    const lineEnd = newline === -1 ? text.length : newline;
    if (text.slice(lineAt, lineEnd).trim().startsWith(mark)) return lineEnd;
    lineAt = lineEnd + 1;
  }
  if (text.length > FENCE_MAX_CHARS) return breathBefore(text, FENCE_MAX_CHARS);
  return isAll ? text.length : "wait";
}

function scan(text: string, { isAll }: Extent): Found {
  const spans = new OpenSpans();
  const isBlock = BLOCK_LINE.test(text);
  const isTableRow = text.startsWith("|");
  for (let at = 0; at < Math.min(text.length, PIECE_MAX_CHARS); at += 1) {
    const char = text.charAt(at);
    spans.see(text, at);
    let found: Found | "no" = "no";
    if (char === "\n") found = isBlock ? at : lineEnd(text, { at, isAll });
    else if (!isTableRow && canEnd(text, at) && !spans.isOpen(at)) found = judgeEnd(text, { at, isAll });
    if (found !== "no") return found;
  }
  return "wait";
}

/** The Greek question mark is mostly typed as a semicolon. */
function canEnd(text: string, at: number): boolean {
  const char = text.charAt(at);
  return MARK.test(char) || (char === ";" && /\p{Script=Greek}/u.test(text.charAt(at - 1)));
}

/** A line's end ends the piece when an empty line or a block follows. */
function lineEnd(text: string, { at, isAll }: { readonly at: number; readonly isAll: boolean }): Found | "no" {
  const next = text.slice(at + 1);
  if (/^[ \t]*\n/.test(next)) return at;
  if (BLOCK_LINE.test(next) || FENCE.test(next)) return at;
  if (!isAll && (/^[ \t]*$/.test(next) || MAYBE_BLOCK_LINE.test(next))) return "wait";
  return "no";
}

function breathBefore(text: string, limit: number): number {
  const space = Math.max(text.lastIndexOf(" ", limit), text.lastIndexOf("\n", limit));
  return space > 0 ? space : limit;
}

/** The brackets and the inline code a position lies in. */
class OpenSpans {
  readonly #brackets: number[] = [];
  #codeAt: number | undefined;

  see(text: string, at: number): void {
    const char = text.charAt(at);
    if (char === "`") this.#codeAt = this.#codeAt === undefined ? at : undefined;
    if (char === "[" || (char === "(" && !/[:;=-]/.test(text.charAt(at - 1)))) this.#brackets.push(at);
    if (char === "]" || char === ")") this.#brackets.pop();
  }

  isOpen(at: number): boolean {
    const isNear = (opened: number | undefined): boolean => opened !== undefined && at - opened <= OPEN_SPAN_MAX_CHARS;
    return isNear(this.#codeAt) || this.#brackets.some(isNear);
  }
}
