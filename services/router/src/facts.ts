/** What the robot knows by itself, in the words that the texts of the intents file ask for. Pure: moment and place are arguments. */
import type { Fact } from "./actions.ts";

/** What the facts depend on. */
export interface Circumstances {
  /** Epoch ms of the robot's clock. */
  readonly nowMs: number;
  /** IANA name, such as `Europe/Paris`. */
  readonly timeZone: string;
  readonly hours: "12" | "24";
  /** What the robot calls itself. */
  readonly robotName: string;
}

/** Each is made when it is asked for: most texts hold none. */
export function factsOf(circumstances: Circumstances): Readonly<Record<Fact, string>> {
  return {
    get time() {
      return clockTime(circumstances);
    },
    get date() {
      return calendarDate(circumstances);
    },
    get part_of_day() {
      return partOfDay(circumstances);
    },
    robot: circumstances.robotName,
  };
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
