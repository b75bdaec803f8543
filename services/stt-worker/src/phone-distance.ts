/**
 * How differently two texts sound: the edit distance of their phones (CMU's, without stress). Pure.
 *
 * A vowel taken for another costs half: they are what recognisers mix up.
 */
const VOWELS: ReadonlySet<string> = new Set("AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW".split(" "));

/** The edit distance divided by the longer text: 0 is the same, 1 has nothing in common. */
export function phoneDistance(one: readonly string[], other: readonly string[]): number {
  const longest = Math.max(one.length, other.length);
  return longest === 0 ? 0 : editCost(one, other) / longest;
}

function editCost(one: readonly string[], other: readonly string[]): number {
  let before = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (const [index, phone] of one.entries()) {
    const row = [index + 1];
    for (const [column, against] of other.entries()) {
      const replaced = (before[column] ?? 0) + cost(phone, against);
      row.push(Math.min(replaced, (before[column + 1] ?? 0) + 1, (row[column] ?? 0) + 1));
    }
    before = row;
  }
  return before.at(-1) ?? 0;
}

function cost(phone: string | undefined, against: string | undefined): number {
  if (phone === against) return 0;
  return VOWELS.has(phone ?? "") && VOWELS.has(against ?? "") ? 0.5 : 1;
}
