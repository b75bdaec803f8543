/** Values that break readers: at the edges of numbers, of texts, of nesting. */
import type { Dice } from "../../bench/scorecard/dice.ts";
import type { SchemaNode } from "./published-schema.ts";
import { rawJson } from "./raw-json.ts";

/** One of them. */
export function pick<T>(dice: Dice, items: readonly [T, ...T[]]): T {
  return items[dice.below(items.length)] ?? items[0];
}

const EDGE_NUMBERS = [
  ...[
    "-0",
    "1e999",
    "-1e999",
    "1e308",
    "5e-324",
    "1E400",
    "0.1e1",
    "1.0",
    "-1",
    "1e-7",
    "123456789012345678901234567890",
  ],
  ...[
    "9007199254740991",
    "9007199254740992",
    "-9007199254740993",
    "4294967295",
    "4294967296",
    "2147483648",
    "65535",
    "255",
  ],
  ...["0.30000000000000004", "0", "1", "0.5", "100", "101", "16", "20000", "20001"],
] as const;

export function edgeNumber(dice: Dice): string {
  return rawJson(EDGE_NUMBERS[dice.below(EDGE_NUMBERS.length)] ?? "0");
}

const ODD_TEXTS = [
  ...[
    "",
    " ",
    "\u0000",
    "\u007F",
    "\uFEFF",
    "\u2028\u2029",
    "\u202Eabc",
    "a\u0301",
    "ﬃ",
    "\uD800",
    "\uDC00x",
    "x\uDBFF",
  ],
  ...[
    "😀",
    "👨‍👩‍👧‍👦",
    "İ",
    "ß",
    "\r\n",
    "null",
    "__proto__",
    "constructor",
    "NaN",
    "{}",
    "../../etc",
    "+",
    "#",
    "a/b",
    "$SYS",
  ],
  ...["0123456789ABCDEF0123456789ABCDEF", "0123456789abcdef\n", "0123456789abcdef0123456789abcdef ", "٣", "-1", "1e3"],
] as const;

export function oddText(dice: Dice): string {
  return ODD_TEXTS[dice.below(ODD_TEXTS.length)] ?? "";
}

/** Mostly a little beyond a bound, now and then far beyond every one. */
export function hugeText(dice: Dice): string {
  const unit = pick(dice, ["x", "é", "😀", "A ", "\\", '"']);
  return unit.repeat(pick(dice, [40, 65, 100, 129, 257, 260, 501, 1_001, dice.below(20) === 0 ? 200_001 : 8_001]));
}

/** A value outside what the schema allows at this place, when it has a bound; else one of another kind. */
export function outOfBound(nodes: readonly SchemaNode[], dice: Dice): unknown {
  const beyond = nodes.flatMap(({ minimum, maximum, minLength, maxLength, maxItems, enum: words }) => [
    ...(minimum === undefined ? [] : [minimum - 1, minimum - 0.001, minimum]),
    ...(maximum === undefined ? [] : [maximum + 1, maximum + 0.001, maximum]),
    ...(minLength === undefined ? [] : ["x".repeat(Math.max(0, minLength - 1)), "x".repeat(minLength)]),
    ...(maxLength === undefined ? [] : ["x".repeat(maxLength), "x".repeat(maxLength + 1), "😀".repeat(maxLength)]),
    ...(maxItems === undefined ? [] : [Array.from({ length: maxItems + 1 }, () => "x")]),
    ...(words === undefined ? [] : words.flatMap((word) => [String(word).toUpperCase(), `${word} `, word])),
  ]);
  return beyond.length === 0 ? otherKind(dice) : beyond[dice.below(beyond.length)];
}

export function otherKind(dice: Dice): unknown {
  const number = edgeNumber(dice);
  return pick<unknown>(dice, [number, oddText(dice), true, false, {}, [], [[]], { value: 1 }, ["a", 1], "1", "true"]);
}

/** Objects, lists or both, in each other. */
export function deep(dice: Dice): unknown {
  const depth = pick(dice, [2, 10, 50, 60, 61, 62, 63, 64, 65, 66, 100, 1_000]);
  const [open, close] = pick<readonly [string, string]>(dice, [
    ["[", "]"],
    ['{"a":', "}"],
    ['[{"b":', "}]"],
  ]);
  return rawJson(`${open.repeat(depth)}${pick(dice, ["1", "null", '"x"', "{}"])}${close.repeat(depth)}`);
}
