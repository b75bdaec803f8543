/** How far what was heard is from what was said. Pure. */

/** The fewest insertions, deletions and substitutions that turn one list into the other. */
export function editDistance<T>(from: readonly T[], to: readonly T[]): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [row, item] of from.entries()) {
    const current = [row + 1];
    for (const [column, other] of to.entries()) {
      const substituted = (previous[column] ?? 0) + (item === other ? 0 : 1);
      current.push(Math.min(substituted, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}

/** One sentence as it was said and as it was heard; both in comparable words. */
export interface Heard {
  readonly said: readonly string[];
  readonly heard: readonly string[];
}

/** The part of the words said that were wrong, missing or too many: word error rate, 0 to 1 and beyond. */
export function wordErrorRatio(sentences: readonly Heard[]): number {
  const wordCount = sentences.reduce((sum, { said }) => sum + said.length, 0);
  const errorCount = sentences.reduce((sum, { said, heard }) => sum + editDistance(said, heard), 0);
  return wordCount === 0 ? 0 : errorCount / wordCount;
}

/** The part of the sentences of which every word is right. */
export function exactRatio(sentences: readonly Heard[]): number {
  const exact = sentences.filter(({ said, heard }) => editDistance(said, heard) === 0);
  return sentences.length === 0 ? 0 : exact.length / sentences.length;
}
