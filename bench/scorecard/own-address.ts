import { randomInt } from "node:crypto";

/**
 * A loopback address that nobody else uses, drawn at random; where the system has only one (all but Linux), that one.
 *
 * While the links of a run are down, their ports are free, for up to half a minute. On a machine on which other tests draw ports
 * of the same address, one of them took such a port for its own broker: the client came back to a stranger, which acknowledged
 * 1 577 messages and forgot them.
 */
export function ownAddress(): string {
  if (process.platform !== "linux") return "127.0.0.1";
  return `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
}
