/** What is said about timers. Pure. */

/** What a timer is called after. */
export interface Named {
  /** "pasta"; in the speaker's words. */
  readonly name: string | undefined;
  /** What the person wants to be reminded of; "call my mother". */
  readonly reminder: string | undefined;
  readonly durationMs: number;
}

interface Running extends Named {
  readonly leftMs: number;
}

export const TOO_SHORT = "A timer needs at least one second.";
export const TOO_LONG = "That is too long for a timer. A week is the most.";
export const TOO_MANY = "There are too many timers already. Cancel one first.";
const NONE = "No timer is running.";

export function setWords(timer: Named): string {
  const duration = spokenDuration(timer.durationMs);
  if (timer.reminder !== undefined) return `I will remind you in ${duration}: ${timer.reminder}.`;
  return timer.name === undefined ? `Timer set for ${duration}.` : capital(`${timer.name} timer set for ${duration}.`);
}

export function cancelledWords(timer: Named): string {
  return `Your ${label(timer)} is cancelled.`;
}

export function cancelledAllWords(count: number): string {
  if (count === 0) return NONE;
  return count === 1 ? "Your timer is cancelled." : `All ${count} timers are cancelled.`;
}

/** @param timers that are meant, at least one */
export function leftWords(timers: readonly Running[]): string {
  const [only] = timers;
  if (only !== undefined && timers.length === 1)
    return `${capital(spokenLeft(only.leftMs))} left on your ${label(only)}.`;
  return `${capital(joined(timers.map((timer) => `${spokenLeft(timer.leftMs)} on your ${label(timer)}`)))}.`;
}

export function listWords(timers: readonly Running[]): string {
  if (timers.length === 0) return NONE;
  const each = timers.map((timer) => `your ${label(timer)}, with ${spokenLeft(timer.leftMs)} left`);
  const count = timers.length === 1 ? "One timer is" : `${timers.length} timers are`;
  return `${count} running: ${joined(each)}.`;
}

/** @param timers that could be meant, at least two */
export function whichWords(timers: readonly Running[]): string {
  const each = timers.map((timer) => `your ${label(timer)}, with ${spokenLeft(timer.leftMs)} left`);
  return `Which one? There is ${joined(each)}.`;
}

/** @param all that run */
export function noSuchWords(
  { name, durationMs }: { readonly name?: string | undefined; readonly durationMs?: number | undefined },
  all: readonly Named[],
): string {
  if (all.length === 0) return NONE;
  const wanted = name ?? (durationMs === undefined ? "such" : adjective(durationMs));
  return `There is no ${wanted} timer, but ${joined(all.map((timer) => `your ${label(timer)}`))}.`;
}

/** What is said of timers that nobody heard, `atMs` on the clock of their `dueAtMs`. */
export function missedWords(timers: readonly (Named & { readonly dueAtMs: number })[], atMs: number): string {
  return timers
    .map((timer) => {
      const ago = `${spokenLeft(atMs - timer.dueAtMs)} ago, while I was off`;
      if (timer.reminder !== undefined) return `I should have reminded you ${ago}: ${timer.reminder}.`;
      return `Your ${label(timer)} ended ${ago}.`;
    })
    .join(" ");
}

/** As what is due is called: "the pasta timer", "call my mother". */
export function labelOf(timer: Named): string {
  return timer.reminder ?? `the ${label(timer)}`;
}

/** "pasta timer", "5 minute timer", "reminder". */
function label({ name, reminder, durationMs }: Named): string {
  if (reminder !== undefined) return `reminder to ${reminder}`;
  return `${name ?? adjective(durationMs)} timer`;
}

const UNITS = [
  { unit: "day", ms: 86_400_000 },
  { unit: "hour", ms: 3_600_000 },
  { unit: "minute", ms: 60_000 },
  { unit: "second", ms: 1_000 },
] as const;

/** "1 hour and 20 minutes"; whole seconds. */
export function spokenDuration(durationMs: number): string {
  return joined(measures(durationMs).map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`));
}

/** The two largest units are enough of what goes by meanwhile: "1 hour and 20 minutes", "59 seconds". */
function spokenLeft(leftMs: number): string {
  const [first] = measures(leftMs);
  const finest = first?.[1] === "day" ? 3_600_000 : first?.[1] === "hour" ? 60_000 : 1_000;
  return spokenDuration(Math.ceil(leftMs / finest) * finest);
}

/** "5 minute", "1 hour 20 minute": in front of a noun. */
function adjective(durationMs: number): string {
  return measures(durationMs)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}

/** Never empty; less than a second is one. */
function measures(durationMs: number): readonly (readonly [count: number, unit: string])[] {
  let leftMs = Math.max(1, Math.round(durationMs / 1_000)) * 1_000;
  return UNITS.flatMap(({ unit, ms }) => {
    const count = Math.floor(leftMs / ms);
    leftMs -= count * ms;
    return count === 0 ? [] : [[count, unit] as const];
  });
}

/** "a", "a and b", "a, b and c". */
function joined(parts: readonly string[]): string {
  const [last = ""] = parts.slice(-1);
  const others = parts.slice(0, -1);
  return others.length === 0 ? last : `${others.join(", ")} and ${last}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
