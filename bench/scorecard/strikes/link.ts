/** Faults of the way between one client and the broker. */
import { until } from "@ts-tars/harness";
import type { Column } from "../column.ts";
import type { Seat } from "../seat.ts";

/** PUBACKs that are swallowed before the cut. */
const SWALLOWED_COUNT = 5;
/** A slow radio link; the burst takes seconds to get through. */
const SLOW_BITS_PER_SECOND = 512_000;
const BURST = { count: 60, paddingBytes: 4_000 } as const;

/** Longer than any client of ours waits between two attempts. */
const CONTROL_DEADLINE_MS = 30_000;

/** Swallows PUBACKs of a subscriber, then cuts: the broker has to send all of it again. */
export async function redeliver({ link }: Seat): Promise<void> {
  let swallowed = 0;
  const stop = link.intercept(({ packet, direction }) => {
    if (packet?.cmd !== "puback" || direction !== "up") return undefined;
    swallowed += 1;
    return "drop";
  });
  // Less traffic than that in half a minute is none; then the cut is all there is.
  await until(() => swallowed >= SWALLOWED_COUNT, { deadlineMs: 30_000 }).catch(() => undefined);
  link.cut();
  stop();
}

/** A publisher's way is slow and full, and behind all that it must say stop. */
export async function throttle(column: Column, lot: number): Promise<void> {
  const seat = column.drawn("publisher", lot);
  await haveControlLinks(column, seat);
  seat.link.throttle(SLOW_BITS_PER_SECOND, "up");
  await seat.peer.order({ do: "burst", ...BURST });
  const { stop, behind } = seat.notes.stopsSent.at(-1) ?? { stop: "", behind: "" };
  const isThrough = (): boolean =>
    column
      .of("subscriber")
      .every(({ notes }) => notes.stopsHeard.has(stop) && notes.handled.some(({ message }) => message === behind));
  await until(isThrough, { deadlineMs: 30_000 }).catch(() => undefined);
  await seat.link.mend();
  seat.link.delay(seat.plan.delayMs);
}

/** An earlier fault may have taken them, and they come back in their own time. */
async function haveControlLinks(column: Column, publisher: Seat): Promise<void> {
  if (column.plan.client !== "ours") return;
  const areUp = (): boolean =>
    publisher.controlLink !== undefined &&
    column.of("subscriber").every(({ controlLink }) => controlLink?.hasSubscribed === true);
  await until(areUp, { deadlineMs: CONTROL_DEADLINE_MS }).catch(() => undefined);
}
