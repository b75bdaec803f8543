/**
 * What a sentence sounds like when its Markdown, emoji, code and addresses are not read out sign by sign. Pure.
 *
 * It gets the pieces that `sentences.ts` cuts (a code block or a table row is one piece), so together they give the
 * same speech for any split of the input.
 */

/** Said in place of a code block. */
const CODE_SPOKEN = "The code is on the screen.";

const FENCE = /^[ \t]{0,3}(?:`{3,}|~{3,})/;
const TABLE_RULE = /^\|?[\s:|-]*-{3,}[\s:|-]*$/;

type Rewrite = readonly [RegExp, string | ((...groups: string[]) => string)];

/** In order; each is applied to the result of the one before. */
const REWRITES: readonly Rewrite[] = [
  // Blocks
  [/^[ \t]{0,3}#{1,6}[ \t]+/gm, ""],
  [/^[ \t]{0,3}(?:>[ \t]?)+/gm, ""],
  [/^[ \t]*[-*+•·][ \t]+(?:\[[ xX]\][ \t]+)?/gm, ""],
  [/^[ \t]*(?:[-*_][ \t]*){3,}$/gm, ""],
  // Links, pictures, footnotes
  [/!?\[([^\][]*)\](?:\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+"[^"]*")?\)|\[[^\][]*\])/g, "$1"],
  [/\]\([^()\s]*\)?/g, " "],
  [/\[\^?\d+\]/g, ""],
  [/\[\^[^\]]*\]/g, ""],
  [/<?(?:https?|ftp):\/\/([^\s<>"'`|*]+)>?/gi, (_all, rest) => hostOf(rest)],
  [/\bwww\.([^\s<>"'`|*]+)/gi, (_all, rest) => hostOf(rest)],
  // HTML
  [/<(?:br|p|\/p|li|\/li|div|\/div)\b[^<>]*>/gi, " "],
  [/<\/?[a-z][^<>]*>/gi, ""],
  [/&nbsp;/gi, " "],
  [/&(?:quot|#34|#39|apos);/gi, ""],
  [/&lt;/gi, " less than "],
  [/&gt;/gi, " greater than "],
  [/&amp;/gi, " and "],
  // Inline marks
  [/`+/g, ""],
  [/(\d)\s*[*×]\s*(?=\d)/g, "$1 times "],
  [/\*+/g, ""],
  [/~~/g, ""],
  [/(^|[^\p{L}\p{N}])_+(?=\S)/gu, "$1"],
  [/_+(?=[^\p{L}\p{N}]|$)/gu, ""],
  [/_+/g, " "],
  [/\\(?=[^\p{L}\p{N}\s])/gu, ""],
  // Pictures made of characters
  [/(^|\s)[:;=8xX]['’]?-?[)(\]DPpOo3/\\|]+(?=\s|$|[.,!?])/g, "$1"],
  [/(^|\s)<3(?=\s|$|[.,!?])/g, "$1"],
  [/[#*0-9]\ufe0f?\u20e3/gu, (all) => (/\d/.test(all) ? ` ${all.charAt(0)} ` : "")],
  [
    /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u200d|\ufe0e|\ufe0f|\u20e3|[\u{e0020}-\u{e007f}]/gu,
    "",
  ],
  // Signs
  [/(\S)\s*(?:→|⇒|=>|->)\s*(?=\S)/g, "$1 to "],
  [/[→⇒⟶←⇐↑↓•●■□▪◦]/g, ""],
  [/(^|\s)~(?=\d)/g, "$1about "],
  [/\s&\s/g, " and "],
  [/#(?=\d)/g, "number "],
  [/[#|^{}<>\\~[\]]+/g, " "],
  [/\p{Cc}|\p{Cf}/gu, " "],
  // Space left behind
  [/\(\s*\)/g, ""],
  [/\s+/g, " "],
  [/ (?=[,.;:!?…)](?:\s|$))/g, ""],
  [/^[\s,;:.…-]+(?=[\p{L}\p{N}"'“‘(¿¡])/u, ""],
];

/** The speech of one piece of text; empty when nothing of it can be said. */
export function speakable(piece: string): string {
  if (FENCE.test(piece)) return CODE_SPOKEN;
  const text = piece.trimStart().startsWith("|") ? tableRow(piece) : piece;
  const spoken = REWRITES.reduce(rewrite, text).trim();
  return /[\p{L}\p{N}]/u.test(spoken) ? spoken : "";
}

function rewrite(text: string, [pattern, replacement]: Rewrite): string {
  return typeof replacement === "string" ? text.replace(pattern, replacement) : text.replace(pattern, replacement);
}

function tableRow(row: string): string {
  if (TABLE_RULE.test(row.trim())) return "";
  const cells = row.split("|").map((cell) => cell.trim());
  return cells.filter((cell) => cell !== "").join(", ");
}

/** An address is read by its host; the punctuation behind it belongs to the sentence. */
function hostOf(rest: string): string {
  const tail = /[.,;:!?)\]]*$/.exec(rest)?.[0] ?? "";
  const host = rest.split(/[/?#]/, 1)[0] ?? "";
  const name = host
    .replace(/^[^@]*@/, "")
    .replace(/:\d+$/, "")
    .replace(/^www\./i, "");
  return name.replace(/[.,;:!?)\]]+$/, "") + tail;
}
