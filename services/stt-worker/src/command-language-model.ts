/**
 * What people say to the robot, whole or as it begins, as a trigram language model in the ARPA format: mixed with the open one it
 * makes the recogniser expect commands, and questions, without forcing any. Pure.
 *
 * Probabilities are relative frequencies, of which a tenth goes to the next shorter history (linear discounting). What no command
 * holds is left to the other model: the back-off weights are so small that this one has no say there.
 */

/** Of each history's probability goes to the shorter one. */
const DISCOUNT_RATIO = 0.1;
/** log10. */
const BACK_OFF = "-3.0000";
/** log10 of nothing, by the format's own custom. */
const NEVER = "-99.0000";

type Counts = ReadonlyMap<string, number>;

type Sentences = readonly (readonly string[])[];

/** The model of whole sentences, and of openings that go on in words of the speaker's own. The recogniser must know their words. */
export function arpaOf(sentences: Sentences, openings: Sentences = []): string {
  const whole = sentences.map((sentence) => ["<s>", ...sentence, "</s>"]);
  const tokens = [...whole, ...openings.map((opening) => ["<s>", ...opening])];
  const [unigrams, bigrams, trigrams] = [1, 2, 3].map((order) => countsOf(tokens, order)) as [Counts, Counts, Counts]; // three orders, three counts
  // A sentence begins with certainty: its beginning is never predicted.
  const total = [...unigrams].reduce((sum, [word, count]) => (word === "<s>" ? sum : sum + count), 0);
  const shares = { bigram: histories(bigrams), trigram: histories(trigrams) };
  const p1 = (word: string): number => (word === "<s>" ? 0 : (unigrams.get(word) ?? 0) / total);
  const p2 = (gram: string): number => mixed(gram, bigrams, shares.bigram) + DISCOUNT_RATIO * p1(lastOf(gram));
  const p3 = (gram: string): number => mixed(gram, trigrams, shares.trigram) + DISCOUNT_RATIO * p2(withoutFirst(gram));
  return [
    "\\data\\",
    `ngram 1=${unigrams.size}`,
    `ngram 2=${bigrams.size}`,
    `ngram 3=${trigrams.size}`,
    "",
    "\\1-grams:",
    ...[...unigrams.keys()].map(
      (word) => `${log10(p1(word))} ${word} ${shares.bigram.has(word) ? BACK_OFF : "0.0000"}`,
    ),
    "",
    "\\2-grams:",
    ...[...bigrams.keys()].map(
      (gram) => `${log10(p2(gram))} ${gram} ${shares.trigram.has(gram) ? BACK_OFF : "0.0000"}`,
    ),
    "",
    "\\3-grams:",
    ...[...trigrams.keys()].map((gram) => `${log10(p3(gram))} ${gram}`),
    "",
    "\\end\\",
    "",
  ].join("\n");
}

function countsOf(sentences: Sentences, order: number): Counts {
  const counts = new Map<string, number>();
  for (const tokens of sentences) {
    for (let at = 0; at + order <= tokens.length; at += 1) {
      const gram = tokens.slice(at, at + order).join(" ");
      counts.set(gram, (counts.get(gram) ?? 0) + 1);
    }
  }
  return counts;
}

/** How often each history was followed by anything. */
function histories(counts: Counts): Counts {
  const sums = new Map<string, number>();
  for (const [gram, count] of counts) sums.set(historyOf(gram), (sums.get(historyOf(gram)) ?? 0) + count);
  return sums;
}

function mixed(gram: string, counts: Counts, sums: Counts): number {
  return ((1 - DISCOUNT_RATIO) * (counts.get(gram) ?? 0)) / (sums.get(historyOf(gram)) ?? 1);
}

const historyOf = (gram: string): string => gram.slice(0, gram.lastIndexOf(" "));
const lastOf = (gram: string): string => gram.slice(gram.lastIndexOf(" ") + 1);
const withoutFirst = (gram: string): string => gram.slice(gram.indexOf(" ") + 1);
const log10 = (probability: number): string => (probability === 0 ? NEVER : Math.log10(probability).toFixed(4));
