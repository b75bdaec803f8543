import { randomBytes } from "node:crypto";

/** Makes message ids: 32 hex characters, unique per message. */
export type IdSource = () => string;

/**
 * Ids of one process life: 88 random bits once, then a counter of 40 bits. Drawing random bytes for each id costs
 * a hundred times as much and buys nothing: ids are compared, not guessed.
 */
export function createIdSource(prefix: string = randomBytes(11).toString("hex")): IdSource {
  let count = 0;
  let stem = "";
  return () => {
    count += 1;
    const end = count % ENDINGS.length;
    if (end === 0 || stem === "") stem = prefix + hex((count - end) / ENDINGS.length, 8);
    return stem + (ENDINGS[end] ?? "");
  };
}

/** The last two digits of an id: writing the whole number as hex each time costs six times as much. */
const ENDINGS = Array.from({ length: 256 }, (_, number) => hex(number, 2));

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, "0");
}

/** 64 random bits as 16 hex characters; names one connection attempt. */
export function createSessionId(): string {
  return randomBytes(8).toString("hex");
}
