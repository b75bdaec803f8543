/**
 * How differently two texts sound: the edit distance of their phones (CMU's, without stress). Pure.
 *
 * A vowel taken for another costs half: they are what recognisers mix up.
 */
const VOWELS: ReadonlySet<string> = new Set("AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW".split(" "));

/** The edit distance divided by the longer text: 0 is the same, 1 has nothing in common. */
export function phoneDistance(one: readonly string[], other: readonly string[]): number {
  const longest = Math.max(one.length, other.length);
  return longest === 0 ? 0 : sumOf(alignmentCosts(one, other)) / longest;
}

const WINDOW_STEPS = 5;

/** The most that differs within any five steps of the alignment, in phones. */
export function densestDifference(one: readonly string[], other: readonly string[]): number {
  const steps = alignmentCosts(one, other);
  return Math.max(0, ...steps.map((_, at) => sumOf(steps.slice(at, at + WINDOW_STEPS))));
}

/** What each step of the cheapest alignment costs, from the end to the beginning. */
function alignmentCosts(one: readonly string[], other: readonly string[]): readonly number[] {
  const costs = costTable(one, other);
  const at = (row: number, column: number): number => costs[row]?.[column] ?? Number.POSITIVE_INFINITY;
  const steps: number[] = [];
  for (let [row, column] = [one.length, other.length]; row > 0 || column > 0; ) {
    const replacing = row > 0 && column > 0 ? cost(one[row - 1], other[column - 1]) : Number.POSITIVE_INFINITY;
    const here = at(row, column);
    if (here === at(row - 1, column - 1) + replacing) {
      steps.push(replacing);
      row -= 1;
      column -= 1;
    } else {
      steps.push(1);
      if (here === at(row - 1, column) + 1) row -= 1;
      else column -= 1;
    }
  }
  return steps;
}

function costTable(one: readonly string[], other: readonly string[]): readonly (readonly number[])[] {
  const rows = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (const [index, phone] of one.entries()) {
    const before = rows[index] ?? [];
    const row = [index + 1];
    for (const [column, against] of other.entries()) {
      const replaced = (before[column] ?? 0) + cost(phone, against);
      row.push(Math.min(replaced, (before[column + 1] ?? 0) + 1, (row[column] ?? 0) + 1));
    }
    rows.push(row);
  }
  return rows;
}

function cost(phone: string | undefined, against: string | undefined): number {
  if (phone === against) return 0;
  return VOWELS.has(phone ?? "") && VOWELS.has(against ?? "") ? 0.5 : 1;
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
