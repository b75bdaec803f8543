/** What follows from the words of a person, before it is known in which state the conversation is. Pure. */
import type { Action, NotBuilt } from "./actions.ts";
import type { Repertoire, Understood } from "./intents.ts";
import { understand } from "./intents.ts";
import type { TimerOrder } from "./timers/timers.ts";

/** What is to become of the loudspeaker; the ratio is of its full volume. */
export type VolumeOrder =
  | { readonly kind: "set"; readonly ratio: number }
  | { readonly kind: "change"; readonly byRatio: number }
  | { readonly kind: "mute" }
  | { readonly kind: "unmute" };

/** What a question of ours is to be answered with. */
export type Expectation = "anything" | "yes_no";

export type Plan =
  | { readonly do: "answer"; readonly text: string; readonly expects?: Expectation }
  /** What was said last at the site; `otherwise`, when nothing was. */
  | { readonly do: "repeat"; readonly otherwise: string }
  /** The text may hold `{volume}`, the new one in percent. */
  | { readonly do: "volume"; readonly order: VolumeOrder; readonly text: string }
  | { readonly do: "timer"; readonly order: TimerOrder }
  /** Ends whatever runs at the site; the text is shown only. */
  | { readonly do: "stop"; readonly text: string }
  | { readonly do: "live"; readonly on: boolean; readonly text: string }
  | { readonly do: "ask_model"; readonly hint: string | undefined };

/** The intent that the words were understood as. */
export interface Meaning {
  readonly intent: string;
  readonly slots: Readonly<Record<string, string>>;
}

export interface Reading {
  /** Undefined for what no intent accounts for. */
  readonly meaning: Meaning | undefined;
  readonly plan: Plan;
}

/** How a text is read that needs no understanding. */
export const ASK_MODEL: Reading = { meaning: undefined, plan: { do: "ask_model", hint: undefined } };

/** Without a figure, louder and quieter mean this much. */
const VOLUME_STEP_PERCENT = 20;
/** A bare number up to here is a level of ten, above it a percentage. */
const LEVEL_MAX = 10;

export interface Interpretation extends Repertoire {
  readonly notBuilt: NotBuilt;
}

/** How a text is read with what the robot understands; `facts` are those of the moment. */
export function interpret(
  text: string,
  { notBuilt, ...repertoire }: Interpretation,
  facts: Readonly<Record<string, string>>,
): Reading {
  const understood = understand(text, repertoire);
  if (understood === undefined) return ASK_MODEL;
  const { name: intent, slots } = understood;
  return { meaning: { intent, slots }, plan: planOf(understood, notBuilt, (name) => slots[name] ?? facts[name]) };
}

/** What stands for a `{name}` in a text. */
type WordsFor = (name: string) => string | undefined;

function planOf({ action, slots }: Understood, notBuilt: NotBuilt, words: WordsFor): Plan {
  switch (action.do) {
    case "answer":
      return { do: "answer", text: fillIn(action.say, words), ...(action.expects && { expects: action.expects }) };
    case "llm":
      return { do: "ask_model", hint: action.hint === undefined ? undefined : fillIn(action.hint, words) };
    case "repeat":
      return { do: "repeat", otherwise: fillIn(action.otherwise, words) };
    case "stop":
      return { do: "stop", text: fillIn(action.show, words) };
    case "volume":
      return {
        do: "volume",
        order: volumeOrder(action, slots),
        text: fillIn(action.say, (name) => words(name) ?? (name === "volume" ? "{volume}" : undefined)),
      };
    case "freeze":
      // No motion runs that could be frozen; what runs is ended all the same.
      return { do: "stop", text: notBuilt.freeze };
    case "live":
      return { do: "live", on: action.on, text: fillIn(action.say, words) };
    case "timer":
      return { do: "timer", order: timerOrder(action, slots) };
    case "movement":
    case "look":
    case "tool":
      return { do: "answer", text: notBuilt[action.do] };
  }
}

function volumeOrder({ change }: Action & { readonly do: "volume" }, slots: Understood["slots"]): VolumeOrder {
  if (change === "mute" || change === "unmute") return { kind: change };
  const ratio = Math.min(1, percentOf(slots) / 100);
  if (change === "set") return { kind: "set", ratio };
  return { kind: "change", byRatio: change === "louder" ? ratio : -ratio };
}

function timerOrder({ change: kind }: Action & { readonly do: "timer" }, slots: Understood["slots"]): TimerOrder {
  const { name, reminder, duration } = slots;
  const durationMs = duration === undefined ? undefined : Number(duration) * 1_000;
  if (kind === "set") return { kind, name, reminder, durationMs: durationMs ?? 0 };
  return kind === "left" || kind === "cancel" ? { kind, which: { name, durationMs } } : { kind };
}

function percentOf({ percent, level }: Understood["slots"]): number {
  if (percent !== undefined) return Number(percent);
  if (level === undefined) return VOLUME_STEP_PERCENT;
  return Number(level) <= LEVEL_MAX ? Number(level) * (100 / LEVEL_MAX) : Number(level);
}

/** A text with its `{words}` put in; of a slot that was not said, nothing. */
function fillIn(text: string, words: WordsFor): string {
  return text.replace(/\{([^}]*)\}/g, (_all, name: string) => words(name) ?? "");
}
