/** The words of what somebody said or typed, comparable: small letters, no punctuation, contractions written out. Pure. */

/** One comparable word and where it stands in the text; words of one contraction share their place. */
export interface Word {
  readonly word: string;
  readonly from: number;
  readonly to: number;
}

const CONTRACTION = /^(what|who|where|when|how|it|that|there|here|he|she|which)['’]?s$/;
const WRITTEN_OUT: ReadonlyMap<string, readonly string[]> = new Map([
  ["i'm", ["i", "am"]],
  ["i'd", ["i", "would"]],
  ["you're", ["you", "are"]],
  ["what're", ["what", "are"]],
  ["who're", ["who", "are"]],
  ["let's", ["let", "us"]],
  ["gimme", ["give", "me"]],
  ["wanna", ["want", "to"]],
]);
/** "its" and "hers" are words of their own. */
const OWN_WORDS: ReadonlySet<string> = new Set(["its", "hes", "shes", "heres", "theres"]);

/** The words of a text, in order. */
export function wordsOf(text: string): readonly Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(/\S+/g)) {
    const place = { from: match.index, to: match.index + match[0].length };
    for (const word of spell(match[0])) words.push({ word, ...place });
  }
  return words;
}

function spell(token: string): readonly string[] {
  const plain = token
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll("’", "'")
    .replace(/[^\p{L}\p{M}\p{N}']/gu, "");
  const bare = plain.replaceAll("'", "");
  if (bare === "") return [];
  const writtenOut = WRITTEN_OUT.get(plain);
  if (writtenOut !== undefined) return writtenOut;
  const host = OWN_WORDS.has(plain) ? undefined : CONTRACTION.exec(plain)?.[1];
  return host === undefined ? [bare] : [host, "is"];
}
