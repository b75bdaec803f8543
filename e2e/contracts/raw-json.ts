/** JSON texts that no value has: numbers too large, members twice, a member named `__proto__`. Pure. */

const MARK = "\u0001raw:";
const MARKED = /"\\u0001raw:([A-Za-z0-9+/=]*)"/gu;

/** Stands in a value for a text that `toJsonText` writes there as it is. */
export function rawJson(text: string): string {
  return `${MARK}${Buffer.from(text).toString("base64")}`;
}

export function toJsonText(value: unknown): string {
  return JSON.stringify(value).replaceAll(MARKED, (_marked, text: string) => Buffer.from(text, "base64").toString());
}
