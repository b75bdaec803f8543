/** What the messages of the benches carry: the same data for every client, which each of them writes in its own way. Pure. */
import { z } from "zod";
import type { Dice } from "../scorecard/dice.ts";

export const PayloadKinds = ["300 B", "20 kB"] as const;
/** The size of the data as JSON, before any envelope. */
export type PayloadKind = (typeof PayloadKinds)[number];

/** Small: what one utterance is. */
export const Reading = z.object({
  seq: z.int().nonnegative(),
  /** Monotonic milliseconds of the machine. */
  sentAtMs: z.number(),
  key: z.string(),
  text: z.string(),
  confidence: z.number(),
  isFinal: z.boolean(),
});
export type Reading = z.output<typeof Reading>;

/** Large: a list of objects. */
export const ReadingList = z.object({
  ...Reading.shape,
  items: z.array(
    z.object({
      id: z.int(),
      name: z.string(),
      x: z.number(),
      y: z.number(),
      tags: z.array(z.string()),
      isOn: z.boolean(),
    }),
  ),
});

/** What a handler reads of either. */
export type BenchData = Reading & { readonly items?: z.output<typeof ReadingList>["items"] };

const WORDS = "the robot turns left and looks at the red cup near the window while music plays in the kitchen".split(
  " ",
);
const TEXT_CHARACTERS = 206;

/** What is said in the messages of a run; its length is always the same. */
export function drawText({ below }: Dice): string {
  const words = Array.from({ length: TEXT_CHARACTERS }, () => WORDS[below(WORDS.length)]);
  return words.join(" ").slice(0, TEXT_CHARACTERS);
}

const ITEMS = Array.from({ length: 190 }, (_, id) => ({
  id: 1_000 + id,
  name: `object number ${1_000 + id}`,
  x: 0.125 * id,
  y: 100.5 - id,
  tags: ["kitchen", "left", "red"],
  isOn: id % 3 === 0,
}));

/** A message; `seq` and `sentAtMs` make each another one. */
export function createData(
  kind: PayloadKind,
  { seq, sentAtMs, key, text }: Pick<Reading, "seq" | "sentAtMs" | "key" | "text">,
): BenchData {
  const reading = { seq, sentAtMs, key, text, confidence: 0.8125, isFinal: seq % 2 === 0 };
  return kind === "300 B" ? reading : { ...reading, items: ITEMS };
}
