/** Envelopes, and those with one broken key. */
import type { Dice } from "../../bench/scorecard/dice.ts";
import { pick } from "./odd-values.ts";
import { rawJson } from "./raw-json.ts";

/** What breaks any text; undefined: the key is missing. */
const NO_TEXT = [null, 0, true, false, [], {}, ["x"], { id: "x" }, "x".repeat(257), "😀".repeat(129)];
const NO_FAILURE = [
  "no",
  0,
  true,
  [],
  {},
  { code: 1, message: "no" },
  { code: "no" },
  { message: "no" },
  { code: null, message: "" },
];

/** Every key of an envelope, and values that it may not have. */
export const BROKEN_KEYS: Readonly<Record<string, readonly unknown[]>> = {
  id: [undefined, "", ...NO_TEXT],
  type: [undefined, "", ...NO_TEXT],
  ts: [undefined, null, "1731000000", "now", true, [], {}, rawJson("1e999"), rawJson("-1e999"), ""],
  source: [undefined, ...NO_TEXT],
  data: [undefined, null, 0, true, "{}", "", [], [{}], rawJson("1e999")],
  correlation_id: ["", ...NO_TEXT.slice(1)],
  reply_to_id: ["", ...NO_TEXT.slice(1)],
  traceparent: ["", ...NO_TEXT.slice(1)],
  replay_of: ["", ...NO_TEXT.slice(1)],
  error: NO_FAILURE,
};

type Body = Readonly<Record<string, unknown>>;

/** Around `data`, and now and then with what an envelope may have besides. */
export function wrap(data: unknown, { type, id, dice }: { type: string; id: string; dice: Dice }): Body {
  const envelope = { id, type, ts: 1_731_000_000 + dice.unit(), source: "fuzz", data };
  if (dice.below(4) > 0) return envelope;
  return {
    ...envelope,
    ...pick<Body>(dice, [
      { correlation_id: id.slice(0, 16), traceparent: null },
      { type: "another.type" },
      { source: "" },
      { error: { code: "no", message: "it failed" } },
      { error: { code: "no", message: "it failed" }, reply_to_id: "asked" },
      { reply_to_id: "asked", error: null, replay_of: "buried" },
      { x_stranger: { deep: [1] }, priority: 7 },
      { ts: -1 },
    ]),
  };
}

/** The key named, broken in one of the ways it can be. */
export function breakKey(envelope: Body, { key, dice }: { readonly key: string; readonly dice: Dice }): Body {
  const values = BROKEN_KEYS[key] ?? [];
  return { ...envelope, [key]: values[dice.below(values.length)] };
}
