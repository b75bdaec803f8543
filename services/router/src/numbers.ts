/**
 * Numbers and lengths of time as people write and say them: "25", "twenty five", "an hour and a half". Pure.
 *
 * What they look like is described in `slot-types.ts`; here is what the words mean that fit the description.
 */
const ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const TEENS = [
  ...["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"],
];
const TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

const VALUES: ReadonlyMap<string, number> = new Map([
  ["zero", 0],
  ...ONES.map((word, at) => [word, at + 1] as const),
  ...TEENS.map((word, at) => [word, at + 10] as const),
  ...TENS.map((word, at) => [word, 20 + 10 * at] as const),
]);

const SECONDS: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3_600, day: 86_400 };
const UNITS: ReadonlyMap<string, number> = new Map(
  Object.entries({ second: "s sec secs", minute: "m min mins", hour: "h hr hrs", day: "" }).flatMap(([unit, short]) =>
    [unit, `${unit}s`, ...short.split(" ")].map((word) => [word, SECONDS[unit] ?? 0] as const),
  ),
);

/** The number that the words name, all of them; undefined when they name none. Up to 999 in words, any in digits. */
export function readNumber(words: readonly string[]): number | undefined {
  const at = words.indexOf("point");
  const whole = readWhole(at < 0 ? words : words.slice(0, at));
  if (at < 0 || whole === undefined) return whole;
  const [decimals = "", ...more] = words.slice(at + 1);
  const digits = VALUES.get(decimals)?.toString() ?? decimals;
  return more.length === 0 && /^\d+$/.test(digits) ? Number(`${whole}.${digits}`) : undefined;
}

function readWhole(words: readonly string[]): number | undefined {
  const [first = "", ...rest] = words;
  if (/^\d{1,9}$/.test(first)) return rest.length === 0 ? Number(first) : undefined;
  if (rest[0] !== "hundred") return readBelowHundred(words);
  const hundreds = first === "a" ? 1 : ONES.indexOf(first) + 1;
  const below = rest.slice(rest[1] === "and" ? 2 : 1);
  const more = below.length === 0 && rest.at(-1) === "hundred" ? 0 : readBelowHundred(below);
  return hundreds === 0 || more === undefined ? undefined : hundreds * 100 + more;
}

function readBelowHundred([first = "", second, ...more]: readonly string[]): number | undefined {
  const value = VALUES.get(first);
  if (value === undefined || second === undefined) return value;
  const ones = ONES.indexOf(second) + 1;
  return value >= 20 && ones > 0 && more.length === 0 ? value + ones : undefined;
}

/** The length of time that the words name, in seconds; undefined when they name none. */
export function readDuration(words: readonly string[]): number | undefined {
  const unitAt = words.findIndex((word) => UNITS.has(word));
  const unit = UNITS.get(words[unitAt] ?? "");
  const amount = unit === undefined ? undefined : readAmount(words.slice(0, unitAt));
  if (unit === undefined || amount === undefined) return undefined;
  const more = readRest(words.slice(unitAt + 1), unit);
  return more === undefined ? undefined : Math.round(amount * unit) + more;
}

/** What follows a first part: nothing, "and a half" of its unit, or another part. */
function readRest(words: readonly string[], unit: number): number | undefined {
  if (words.length === 0) return 0;
  const rest = words[0] === "and" ? words.slice(1) : words;
  const fraction = rest.length === 2 && rest[0] === "a" ? FRACTIONS.get(rest[1] ?? "") : undefined;
  return fraction === undefined ? readDuration(rest) : Math.round(fraction * unit);
}

const FRACTIONS: ReadonlyMap<string, number> = new Map([
  ["half", 1 / 2],
  ["quarter", 1 / 4],
  ["quarters", 1 / 4],
]);
/** Words that lead over to the unit: "a quarter *of an* hour". */
const LINKS: ReadonlySet<string> = new Set(["of", "a", "an"]);

/** How many of the unit that follows: "five", "a", "one and a half", "three quarters of an", "a couple of". */
function readAmount(words: readonly string[]): number | undefined {
  const line = words.join(" ");
  if (line === "a" || line === "an") return 1;
  if (line === "a couple of") return 2;
  const fractionAt = words.findIndex((word) => FRACTIONS.has(word));
  if (fractionAt < 0) return readNumber(words);
  const fraction = FRACTIONS.get(words[fractionAt] ?? "") ?? 0;
  if (words.slice(fractionAt + 1).some((word) => !LINKS.has(word))) return undefined;
  const before = words.slice(0, fractionAt);
  if (before.at(-1) === "a" && before.at(-2) === "and") return addTo(readNumber(before.slice(0, -2)), fraction);
  const count = before.length === 0 || before.join(" ") === "a" ? 1 : readNumber(before);
  return count === undefined ? undefined : count * fraction;
}

function addTo(count: number | undefined, fraction: number): number | undefined {
  return count === undefined ? undefined : count + fraction;
}

/** The words that the readers understand, for the description of what they look like. */
export const NUMBER_WORDS = { ones: ONES, teens: TEENS, tens: TENS } as const;
