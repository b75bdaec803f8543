/** The words with which the built-in intents are answered. Pure: the moment and the place are arguments. */
import type { BuiltinIntentName } from "./builtin-intents.ts";
import type { Understood } from "./intents.ts";

/** What an answer may depend on. */
export interface Circumstances {
  /** Epoch ms of the robot's clock. */
  readonly nowMs: number;
  /** IANA name, such as `Europe/Paris`. */
  readonly timeZone: string;
  readonly hours: "12" | "24";
  /** What the robot calls itself. */
  readonly robotName: string;
}

const ANSWERS: Readonly<
  Record<BuiltinIntentName, (circumstances: Circumstances, slots: Understood["slots"]) => string>
> = {
  time: (circumstances) => `It is ${clockTime(circumstances)}.`,
  date: (circumstances) => `It is ${calendarDate(circumstances)}.`,
  greeting: (circumstances) => `Good ${partOfDay(circumstances)}. What can I do for you?`,
  identity: ({ robotName }) => `I am ${robotName}, a voice robot.`,
  say: (_circumstances, slots) => slots["text"] ?? "",
};

/** The answer to what was understood; undefined when it is not an intent of ours. */
export function answerTo({ name, slots }: Understood, circumstances: Circumstances): string | undefined {
  return Object.hasOwn(ANSWERS, name) ? ANSWERS[name as BuiltinIntentName](circumstances, slots) : undefined; // own keys are checked
}

/** `2:05 PM`, or `14:05`. */
function clockTime({ nowMs, timeZone, hours }: Circumstances): string {
  const parts = partsOf(nowMs, {
    timeZone,
    hour: hours === "12" ? "numeric" : "2-digit",
    minute: "2-digit",
    hourCycle: hours === "12" ? "h12" : "h23",
  });
  const time = `${parts("hour")}:${parts("minute")}`;
  return hours === "12" ? `${time} ${parts("dayPeriod")}` : time;
}

/** `Saturday, November 22, 2025`. */
function calendarDate({ nowMs, timeZone }: Circumstances): string {
  const parts = partsOf(nowMs, { timeZone, weekday: "long", month: "long", day: "numeric", year: "numeric" });
  return `${parts("weekday")}, ${parts("month")} ${parts("day")}, ${parts("year")}`;
}

function partOfDay({ nowMs, timeZone }: Circumstances): string {
  const hour = Number(partsOf(nowMs, { timeZone, hour: "2-digit", hourCycle: "h23" })("hour"));
  if (hour >= 5 && hour < 12) return "morning";
  return hour >= 12 && hour < 18 ? "afternoon" : "evening";
}

/** The formatter's own separators hold narrow spaces that no test and no ear wants. */
function partsOf(nowMs: number, options: Intl.DateTimeFormatOptions): (type: Intl.DateTimeFormatPartTypes) => string {
  const parts = new Intl.DateTimeFormat("en-US", options).formatToParts(nowMs);
  return (type) => parts.find((part) => part.type === type)?.value ?? "";
}
