/**
 * Recognises that somebody else uses our client id, with brokers that do not say so (Mosquitto 2.0.11 on both protocol
 * versions). Pure.
 *
 * Such a broker closes the older of two connections in order and without a word; both come back, and so on. Five such ends
 * in a row, each within two seconds of the CONNACK, are one. A reset (the network), a longer life, and an attempt that
 * fails in between (the broker was away) break the row.
 */
import type { Ended } from "../transport/transport.ts";
import { errorCode } from "./verdict.ts";

const SOON_MS = 2_000;
const ENDS = 5;

/** The length of the row after a connection or an attempt has ended; `stoodMs` is undefined for a failed attempt. */
export function countTwinEnds(
  row: number,
  ended: Ended,
  { stoodMs, mayBePoisoned }: { readonly stoodMs: number | undefined; readonly mayBePoisoned: boolean },
): number {
  const isQuietClose = ended.byPeer && ended.disconnectCode === undefined && errorCode(ended.error) === "";
  return isQuietClose && stoodMs !== undefined && stoodMs < SOON_MS && !mayBePoisoned ? row + 1 : 0;
}

/** Whether a row of this length is a twin's work. */
export function isTwin(row: number): boolean {
  return row >= ENDS;
}
