/**
 * What an intent leads to, as the intents file declares it. Pure.
 *
 * A text may hold what is known at that moment (`FACTS`) and the intent's own slots; that of a `volume` also `{volume}`.
 */
import { z } from "zod";

const Text = z.string().min(1).max(500);
const Name = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, "must be words in lower case, joined by _");

/** Facts that every text may hold. */
export const FACTS = ["time", "date", "part_of_day", "robot"] as const;
export type Fact = (typeof FACTS)[number];

export const Action = z.discriminatedUnion("do", [
  /** Says it; what asks for a yes or a no listens longer for it. */
  z.strictObject({ do: z.literal("answer"), say: Text, expects: z.literal("yes_no").optional() }),
  /** Asks the model, with a hint for this one question. */
  z.strictObject({ do: z.literal("llm"), hint: Text.optional() }),
  /** Says once more what was said last at this site. */
  z.strictObject({ do: z.literal("repeat"), otherwise: Text }),
  /** Ends whatever runs at this site; the text is shown, never spoken. */
  z.strictObject({ do: z.literal("stop"), show: Text }),
  /** Slots: `percent`, or `level` from 0 to 10. */
  z.strictObject({
    do: z.literal("volume"),
    change: z.enum(["set", "louder", "quieter", "mute", "unmute"]),
    say: Text,
  }),
  /** Slots: `duration` in seconds, `name`, `reminder`. */
  z.strictObject({ do: z.literal("timer"), change: z.enum(["set", "left", "cancel", "cancel_all", "list"]) }),
  /** Slots of the text fill the command and its parameters. */
  z.strictObject({
    do: z.literal("movement"),
    command: z.string().regex(/^[a-z_{}]{1,64}$/, "must be a command in lower case, with slots in { }"),
    params: z.record(Name, Text).optional(),
  }),
  /** Stops every motion and latches. */
  z.strictObject({ do: z.literal("freeze") }),
  z.strictObject({ do: z.literal("live"), on: z.boolean(), say: Text }),
  z.strictObject({ do: z.literal("look") }),
  z.strictObject({ do: z.literal("tool"), tool: Name, arguments: z.record(Name, Text).optional() }),
]);
export type Action = z.output<typeof Action>;

/** Every text of an action that may hold `{facts}` and `{slots}`. */
export function textsOf(action: Action): readonly string[] {
  switch (action.do) {
    case "answer":
    case "volume":
    case "live":
      return [action.say];
    case "repeat":
      return [action.otherwise];
    case "stop":
      return [action.show];
    case "llm":
      return action.hint === undefined ? [] : [action.hint];
    case "movement":
      return [action.command, ...Object.values(action.params ?? {})];
    case "tool":
      return Object.values(action.arguments ?? {});
    case "timer":
    case "freeze":
    case "look":
      return [];
  }
}

/** Kinds of actions for which there is no part of the robot yet; the intents file says what is answered instead. */
export const NotBuilt = z.strictObject({
  movement: Text,
  freeze: Text,
  look: Text,
  tool: Text,
});
export type NotBuilt = z.output<typeof NotBuilt>;
