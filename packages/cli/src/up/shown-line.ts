/** Which lines of a service's log a person at the terminal sees: errors, and what is no log line at all. Pure. */

/** What to show of one line; undefined when nothing. `lastWords`: a message that the supervisor repeats, with its cause. */
export function shownLine(line: string, lastWords: string): string | undefined {
  const entry = parse(line);
  if (entry === undefined) return line.trim() === "" ? undefined : line;
  if (entry["level"] !== "error" && entry["level"] !== "fatal") return undefined;
  if (entry["msg"] === lastWords) return undefined;
  const message = typeof entry["msg"] === "string" ? entry["msg"] : "error";
  const cause = messageOf(entry["err"]) ?? messageOf(entry["error"]);
  return cause === undefined ? message : `${message}: ${cause.split("\n", 1)[0]}`;
}

type Entry = Readonly<Record<string, unknown>>;

function parse(line: string): Entry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isEntry(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isEntry = (value: unknown): value is Entry => typeof value === "object" && value !== null && "level" in value;

function messageOf(error: unknown): string | undefined {
  const hasMessage = typeof error === "object" && error !== null && "message" in error;
  return hasMessage && typeof error.message === "string" ? error.message : undefined;
}
