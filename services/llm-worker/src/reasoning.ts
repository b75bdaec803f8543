/**
 * Takes a model's thinking aloud out of its answer: `<think>…</think>` where an answer begins, once or several times.
 * Pure. Any split of the input gives the same output.
 *
 *   beginning ──<think>──▶ thinking ──</think>──▶ beginning
 *       └──any other text──▶ speaking
 *
 * What may still become a tag is held back until that is decided. A closing tag without an opening one is dropped:
 * some servers cut the opening away. An unclosed thought hides the rest.
 */
export type Thoughts = { readonly kind: "beginning" | "thinking" | "speaking"; readonly held: string };

export const NO_THOUGHTS: Thoughts = Object.freeze({ kind: "beginning", held: "" });

const OPENING = "<think>";
const CLOSING = "</think>";

/** The next state, and the text that may be said. */
export function hide(thoughts: Thoughts, text: string): readonly [Thoughts, string] {
  let { kind } = thoughts;
  let rest = thoughts.held + text;
  for (;;) {
    if (kind === "speaking") return [{ kind, held: "" }, rest];
    if (kind === "thinking") {
      const end = rest.indexOf(CLOSING);
      if (end < 0) return [{ kind, held: heldBack(rest, CLOSING) }, ""];
      rest = rest.slice(end + CLOSING.length);
      kind = "beginning";
      continue;
    }
    const trimmed = rest.trimStart();
    const tag = [OPENING, CLOSING].find((candidate) => trimmed.startsWith(candidate));
    if (tag === undefined) return begin(rest, trimmed);
    rest = trimmed.slice(tag.length);
    kind = tag === OPENING ? "thinking" : "beginning";
  }
}

/** What is left at the end of the stream: a held `<thi` was text after all. */
export function release({ kind, held }: Thoughts): string {
  return kind === "thinking" ? "" : held.trimStart() === "" ? "" : held;
}

/** No tag so far: either it may still become one, or the answer has begun. */
function begin(rest: string, trimmed: string): readonly [Thoughts, string] {
  const mayBecomeTag = [OPENING, CLOSING].some((tag) => tag.startsWith(trimmed));
  return mayBecomeTag ? [{ kind: "beginning", held: rest }, ""] : [{ kind: "speaking", held: "" }, rest];
}

/** The longest end of the text that is the beginning of the tag. */
function heldBack(text: string, tag: string): string {
  for (let length = Math.min(text.length, tag.length - 1); length > 0; length -= 1) {
    if (tag.startsWith(text.slice(-length))) return text.slice(-length);
  }
  return "";
}
