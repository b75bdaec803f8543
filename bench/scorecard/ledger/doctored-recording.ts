/**
 * A recording without a fault, and the same with three planted in it: what the ledger must find, and nothing else. Pure.
 *
 * The sound one is not an easy one: connections are cut in the middle, a PUBACK is missing and its PUBLISH sent again, the
 * broker redelivers what was handled already, and it loses a confirmed message.
 */
import type { Accepted, Handled, MessageName, Recording, WireEvent } from "./recording.ts";

/** Where the faults were planted. */
export interface Planted {
  readonly loss: MessageName;
  readonly duplicate: MessageName;
  readonly swap: MessageName;
}

const KEYS = ["a", "b", "c"] as const;
const SEQS = 40;
/** The cut comes in the middle: what is in flight then is sent again. */
const CUT_AT = (KEYS.length * SEQS) / 2;
const INFLIGHT = 4;

/** What the broker of the sound recording has lost: the one loss in it, and not the client's. */
export const LOST_BY_BROKER: MessageName = "b#25";

/** A recording in which nothing is wrong that is the client's fault. */
export function soundRecording(): Recording {
  const accepted = acceptAll();
  const arriving = accepted.filter(({ message }) => message !== LOST_BY_BROKER);
  return {
    accepted,
    handled: arriving.map(({ message, key, seq }) => ({ message, key, seq, attempt: 1, life: 1 })),
    declared: [],
    promises: { made: 12, settled: 12 },
    wires: { publisher: passes(accepted, "up"), subscriber: passes(arriving, "down") },
  };
}

/** The sound recording with one loss, one duplicate and one swap, at places chosen by `draw` (an integer below its argument). */
export function doctor(
  sound: Recording,
  draw: (below: number) => number,
): { readonly recording: Recording; readonly planted: Planted } {
  // Each in a third of its own, away from the borders, so that the faults do not touch each other.
  const third = Math.floor(sound.handled.length / 3);
  const place = (part: number): Handled => at(sound.handled, part * third + draw(third - 2 * KEYS.length));
  const [loss, duplicate, swap] = [place(0), place(1), place(2)];
  const handled = swapped(sound.handled, swap).flatMap((start) => {
    if (start === loss) return [];
    return start === duplicate ? [start, start] : [start];
  });
  const planted = { loss: loss.message, duplicate: duplicate.message, swap: swap.message };
  return { recording: { ...sound, handled }, planted };
}

/** Round robin over the keys. */
function acceptAll(): readonly Accepted[] {
  return Array.from({ length: KEYS.length * SEQS }, (_, index) => {
    const key = at(KEYS, index % KEYS.length);
    const seq = Math.floor(index / KEYS.length);
    return { message: `${key}#${seq}`, key, seq, atMs: index };
  });
}

/**
 * One side's wire: each message is published and confirmed, and half-way the connection ends with four unconfirmed, which
 * are sent again on the next one, in the resumed session.
 */
function passes(messages: readonly Accepted[], direction: "up" | "down"): readonly WireEvent[] {
  const back = direction === "up" ? "down" : "up";
  const publish =
    (connection: number) =>
    (message: Accepted, index: number): WireEvent => ({
      type: "published",
      connection,
      direction,
      packetId: index + 1,
      message: message.message,
      reached: true,
    });
  const confirm =
    (connection: number) =>
    (_message: Accepted, index: number): WireEvent => ({
      type: "confirmed",
      connection,
      direction: back,
      packetId: index + 1,
      reasonCode: 0,
    });
  const first = messages.slice(0, CUT_AT);
  const second = messages.slice(CUT_AT - INFLIGHT);
  return [
    { type: "connected", connection: 1, sessionPresent: false },
    ...first.map(publish(1)),
    ...first.slice(0, -INFLIGHT).map(confirm(1)),
    { type: "connected", connection: 2, sessionPresent: true },
    ...second.map(publish(2)),
    ...second.map(confirm(2)),
  ];
}

/** With `chosen` and the next start of its key in each other's place. */
function swapped(handled: readonly Handled[], chosen: Handled): readonly Handled[] {
  const next = handled.find(({ key, seq }) => key === chosen.key && seq > chosen.seq) ?? chosen;
  return handled.map((start) => (start === chosen ? next : start === next ? chosen : start));
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`There are ${items.length} items and none at ${index}.`);
  return item;
}
