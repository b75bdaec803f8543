import { type Link, until } from "@ts-tars/harness";

/** Looked for so long; a client that is not back by then is not back. */
const BACK_DEADLINE_MS = 60_000;

/** From the port's opening (`performance.now()`) until the SUBACK on the link's record; infinite when none comes. */
export async function backAfter(link: Link, portOpenAtMs: number): Promise<number> {
  try {
    const atMs = await until(() => subackAfter(link, portOpenAtMs), { deadlineMs: BACK_DEADLINE_MS });
    return atMs - portOpenAtMs;
  } catch {
    return Number.POSITIVE_INFINITY; // the bar on it is missed; the other clients go on
  }
}

function subackAfter({ record }: Link, portOpenAtMs: number): number | undefined {
  let earliest: number | undefined;
  // From the end: the record is long, and what is looked for is recent.
  for (let index = record.seen.length - 1; index >= 0; index -= 1) {
    const packet = record.seen[index];
    if (packet === undefined || packet.atMs < portOpenAtMs) break;
    if (packet.packet?.cmd === "suback") earliest = packet.atMs;
  }
  return earliest;
}
