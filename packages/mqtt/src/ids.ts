import { randomBytes } from "node:crypto";

/** Makes message ids: 32 hex characters, unique per message. */
export type IdSource = () => string;

/**
 * Ids of one process life: 88 random bits once, then a counter of 40 bits. Drawing random bytes for each id costs
 * a hundred times as much and buys nothing: ids are compared, not guessed.
 */
export function createIdSource(prefix: string = randomBytes(11).toString("hex")): IdSource {
  let count = 0;
  return () => {
    count += 1;
    return prefix + count.toString(16).padStart(10, "0");
  };
}

/** 64 random bits as 16 hex characters; names one connection attempt. */
export function createSessionId(): string {
  return randomBytes(8).toString("hex");
}
