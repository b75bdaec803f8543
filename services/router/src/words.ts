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
  const plain = token.normalize("NFKC").toLowerCase().replaceAll("’", "'");
  return writeOutNumbers(plain)
    .split(/[\s\-‐‑–—/]+/u)
    .flatMap(spellPiece);
}

/** Numbers as they are said: "1.5" is one point five, "50%" fifty percent, "1,000" one thousand, "5min" five minutes. */
function writeOutNumbers(token: string): string {
  if (!/\d/.test(token)) return token;
  return token
    .replace(/^[-−](?=\d)/, "minus ")
    .replace(/(\d),(?=\d{3}(?!\d))/g, "$1")
    .replace(/(\d)[.,](?=\d)/g, "$1 point ")
    .replace(/(\d):(?=\d)/g, "$1 colon ")
    .replace(/(\d)%/g, "$1 percent")
    .replace(/(\d)(?=(?:s|secs?|m|mins?|h|hrs?)\b)/g, "$1 ");
}

function spellPiece(piece: string): readonly string[] {
  const plain = piece.replace(/[^\p{L}\p{M}\p{N}']/gu, "");
  const bare = plain.replaceAll("'", "");
  if (bare === "") return [];
  const writtenOut = WRITTEN_OUT.get(plain);
  if (writtenOut !== undefined) return writtenOut;
  const host = OWN_WORDS.has(plain) ? undefined : CONTRACTION.exec(plain)?.[1];
  return host === undefined ? [bare] : [host, "is"];
}

const APOSTROPHES: ReadonlyMap<string, string> = new Map([
  ["todays", "today's"],
  ["dont", "don't"],
  ["cant", "can't"],
]);
/** Pairs of words that are said in one. */
const SAID_IN_ONE: ReadonlyMap<string, string> = new Map([
  ...["what", "who", "where", "how", "it", "that", "there", "here"].map((host) => [`${host} is`, `${host}'s`] as const),
  ...["i'm", "i'd", "you're", "let's"].map((word) => [WRITTEN_OUT.get(word)?.join(" ") ?? "", word] as const),
]);

/** How a recogniser's dictionary writes a comparable word. */
export function spelledOut(word: string): string {
  return APOSTROPHES.get(word) ?? word;
}

/** Two comparable words as people say them in one: "what is" is "what's". */
export function saidInOne(first: string, second: string): string | undefined {
  return SAID_IN_ONE.get(`${first} ${second}`);
}
