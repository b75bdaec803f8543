/**
 * Takes a model's thinking aloud out of its answer: everything from `<think>` to `</think>`, wherever the stream is
 * cut. Pure. Any split of the input gives the same output.
 *
 *   speaking ──<think>──▶ thinking ──</think>──▶ speaking
 *
 * What might still become a tag is held back until it is decided. An unclosed `<think>` hides the rest.
 */
export type Reasoning = { readonly kind: "speaking" | "thinking"; readonly held: string };

export const SPEAKING: Reasoning = Object.freeze({ kind: "speaking", held: "" });

const OPENING = "<think>";
const CLOSING = "</think>";

/** The next state, and the text that may be said. */
export function filter(reasoning: Reasoning, text: string): readonly [Reasoning, string] {
  let { kind } = reasoning;
  let rest = reasoning.held + text;
  let said = "";
  for (;;) {
    const tag = kind === "speaking" ? OPENING : CLOSING;
    const at = rest.indexOf(tag);
    if (at < 0) {
      const held = heldBack(rest, tag);
      if (kind === "speaking") said += rest.slice(0, rest.length - held.length);
      return [{ kind, held }, said];
    }
    if (kind === "speaking") said += rest.slice(0, at);
    rest = rest.slice(at + tag.length);
    kind = kind === "speaking" ? "thinking" : "speaking";
  }
}

/** What is left at the end of the stream: a held `<thi` was text after all. */
export function flush({ kind, held }: Reasoning): string {
  return kind === "speaking" ? held : "";
}

/** The longest end of the text that is the beginning of the tag. */
function heldBack(text: string, tag: string): string {
  for (let length = Math.min(text.length, tag.length - 1); length > 0; length -= 1) {
    if (tag.startsWith(text.slice(-length))) return text.slice(-length);
  }
  return "";
}
