/** What the command lines of all benches have in common. Pure. */

/** The command line cannot be understood; the message says what to do. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A whole number between bounds; undefined where the flag is not given. @throws {UsageError} naming the flag. */
export function readWhole(
  flag: string,
  text: string | undefined,
  [from, to]: readonly [number, number],
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= from && value <= to) return value;
  throw new UsageError(`${flag} is "${text}"; it must be a whole number from ${from} to ${to}.`);
}
