/** A text that is JSON no more, or not quite the JSON that was meant. */
import type { Dice } from "../../bench/scorecard/dice.ts";

type Twist = (text: string, dice: Dice) => string | Buffer;

const at = (bytes: Buffer, dice: Dice): number => dice.below(Math.max(1, bytes.length));

const spliced = (text: string, dice: Dice, insert: readonly number[]): Buffer => {
  const bytes = Buffer.from(text);
  const place = at(bytes, dice);
  return Buffer.concat([bytes.subarray(0, place), Buffer.from(insert), bytes.subarray(place)]);
};

const KINDS: Readonly<Record<string, Twist>> = {
  cut: (text, dice) => Buffer.from(text).subarray(0, at(Buffer.from(text), dice)),
  one_byte: (text, dice) => {
    const bytes = Buffer.from(text);
    bytes[at(bytes, dice)] = dice.below(256);
    return bytes;
  },
  one_byte_less: (text, dice) => {
    const bytes = Buffer.from(text);
    const place = at(bytes, dice);
    return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + 1)]);
  },
  no_utf8: (text, dice) => spliced(text, dice, [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80]][dice.below(4)] ?? []),
  control_character: (text, dice) => spliced(text, dice, [dice.below(32)]),
  byte_order_mark: (text) => `\uFEFF${text}`,
  two_byte_order_marks: (text) => `\uFEFF\uFEFF${text}`,
  utf16: (text) => Buffer.from(text, "utf16le"),
  spaced: (text) => ` \n\t${text}\r\n `,
  no_break_space: (text) => `\u00A0${text}`,
  null_behind: (text) => `${text}\u0000`,
  in_a_list: (text) => `[${text}]`,
  as_a_text: (text) => JSON.stringify(text),
  twice: (text) => `${text}${text}`,
  comma: (text) => text.replace(/\}$/u, ",}"),
  single_quotes: (text) => text.replaceAll('"', "'"),
  comment: (text) => text.replace("{", "{/* a */"),
  not_a_number: (text, dice) =>
    text.replace(/:(?:\d[\d.]*|"[^"]*")/u, [":NaN", ":Infinity", ":01", ":+1", ":.5", ":1."][dice.below(6)] ?? ""),
  upper_case: (text) => text.toUpperCase(),
  escaped: (text) =>
    text.replaceAll(/[a-z](?=[a-z_]*":)/gu, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`),
  nothing: () => "",
  scalar: (_text, dice) => ["null", "true", "0", '""', "[]", "{}", "{", "-", "1e999"][dice.below(9)] ?? "",
  many_brackets: (_text, dice) => ["[", '{"a":'][dice.below(2)]?.repeat(5_000) ?? "",
};

const NAMES = Object.keys(KINDS);

export function mutateText(text: string, dice: Dice): { readonly payload: Buffer; readonly how: string } {
  const how = NAMES[dice.below(NAMES.length)] ?? "cut";
  return { payload: Buffer.from(KINDS[how]?.(text, dice) ?? text), how };
}
