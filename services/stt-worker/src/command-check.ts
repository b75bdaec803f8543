/**
 * Which of two readings of the same sound counts: 04, rule 11. Pure.
 *
 * A grammar has no way to say "none of these": it reads a command into everything. So its reading is taken only when the open
 * reading sounds nearly like it.
 */
import { phoneDistance } from "./phone-distance.ts";
import type { Reading } from "./transcriber.ts";

/** Phones in a hundred that may differ. Measured: 0 of 102 trap sentences taken for a command, 81 of 90 commands kept. */
export const COMMAND_DISTANCE_MAX = 0.3;

/** The grammar's reading when it can be believed, else the open one. */
export function believe({ open, command }: { readonly open: Reading; readonly command: Reading | undefined }): Reading {
  return command !== undefined && isBelievable(command, open) ? command : open;
}

/** Whether the open reading sounds nearly like the command. */
export function isBelievable(command: Reading, open: Reading): boolean {
  return command.text !== "" && phoneDistance(open.phones, command.phones) <= COMMAND_DISTANCE_MAX;
}
