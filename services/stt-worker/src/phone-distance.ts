/**
 * How differently two texts sound: the edit distance of their phones (CMU's, without stress), divided by the longer. Pure.
 *
 * A vowel taken for another costs half: they are what recognisers mix up.
 */
const VOWELS: ReadonlySet<string> = new Set("AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW".split(" "));

/** 0 is the same, 1 has nothing in common. */
export function phoneDistance(one: readonly string[], other: readonly string[]): number {
  const longest = Math.max(one.length, other.length);
  if (longest === 0) return 0;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, phone] of one.entries()) {
    const next = [index + 1];
    for (const [at, against] of other.entries()) {
      const replaced = (row[at] ?? 0) + cost(phone, against);
      next.push(Math.min(replaced, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return (row.at(-1) ?? 0) / longest;
}

function cost(phone: string, against: string): number {
  if (phone === against) return 0;
  return VOWELS.has(phone) && VOWELS.has(against) ? 0.5 : 1;
}
