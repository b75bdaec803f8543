/**
 * A recording without a fault, and the same with faults planted in it: what the ledger must find, and nothing else. Pure.
 *
 * The sound one is not an easy one:
 *
 *   publisher   life 1 ── cut, resumed ── killed, its durable message sent by ── life 2 ── life 3, killed at once
 *   subscriber  life 1 ── cut, resumed, what was unacknowledged comes again ── killed ── life 2 ── cut, its session lost
 *   broker      loses a message that it had confirmed
 */
import type { Accepted, Attachment, Handled, MessageName, Recording, WireEvent } from "./recording.ts";

/** Where the faults were planted. */
export interface Planted {
  readonly loss: MessageName;
  readonly duplicate: MessageName;
  readonly swap: MessageName;
  /** Handled by the second life although it was acknowledged. */
  readonly repeat: MessageName;
}

/** Messages whose fate in the sound recording is none of the client's doing. */
export const SOUND = {
  lostByBroker: "b#25",
  lostInCut: "e#1",
  publisherKilled: "d#1",
} as const;

const KEYS = ["a", "b", "c"] as const;
const SEQS = 40;
/** The cut comes in the middle: what is in flight then is sent again. */
const CUT_AT = (KEYS.length * SEQS) / 2;
const INFLIGHT = 4;
/** Later than any grace that the ledger gives. */
const LATE_MS = 100_000;

/** A recording in which nothing is wrong that is the client's fault. */
export function soundRecording(): Recording {
  const main = acceptMain();
  const arriving = main.filter(({ message }) => message !== SOUND.lostByBroker);
  // Durable, and its first life was killed; not durable, and its life was killed; repeated after a kill; lost with a session.
  const [saved, killed, repeated, cut] = [
    accept("d", 0, { life: 1, isDurable: true }),
    accept("d", 1, { life: 3 }),
    accept("e", 0, { life: 2 }),
    accept("e", 1, { life: 2 }),
  ];
  const accepted = [...main, saved, killed, repeated, cut];
  return {
    accepted,
    offered: accepted.map(({ message }) => message),
    killedLives: [1, 3],
    handled: [...[...arriving, saved, repeated].map(begin(1)), begin(2)(repeated)],
    declared: [],
    wires: {
      publisher: [
        ...passes(main, "up"),
        publish("up", 2, saved),
        connected(3, "resumed"),
        ...[saved, repeated, cut].flatMap((each) => [publish("up", 3, each), confirm("up", 3, each)]),
        connected(4, "resumed"),
        publish("up", 4, killed),
        connected(5, "resumed"),
      ],
      subscriber: [
        ...passes(arriving, "down"),
        publish("down", 2, saved),
        confirm("down", 2, saved),
        publish("down", 2, repeated),
        connected(3, "resumed"),
        publish("down", 3, repeated),
        confirm("down", 3, repeated),
        publish("down", 3, cut),
        connected(4, "new"),
      ],
    },
    attachments: [1, 2, 3, 4].map((connection) => attach(connection)),
  };
}

/** The sound recording with the faults, at places chosen by `draw` (an integer below its argument). */
export function doctor(
  sound: Recording,
  draw: (below: number) => number,
): { readonly recording: Recording; readonly planted: Planted } {
  // Each in a part of its own, away from the borders, so that the faults do not touch each other.
  const partLength = Math.floor((KEYS.length * SEQS) / 4);
  const place = (part: number): Handled => at(sound.handled, part * partLength + draw(partLength - 3 * KEYS.length));
  const [loss, duplicate, swap, repeat] = [place(0), place(1), place(2), place(3)];
  const handled = swapped(sound.handled, swap).flatMap((start) => {
    if (start === loss) return [];
    return start === duplicate ? [start, start] : [start];
  });
  const planted = {
    loss: loss.message,
    duplicate: duplicate.message,
    swap: swap.message,
    repeat: repeat.message,
  };
  const wires = { ...sound.wires, subscriber: withBadAcks(sound.wires.subscriber, draw) };
  return { recording: { ...sound, handled: [...handled, { ...repeat, life: 2 }], wires }, planted };
}

/** One PUBACK given twice, and one before that of the PUBLISH before it, both on the connection after the first cut. */
function withBadAcks(wire: readonly WireEvent[], draw: (below: number) => number): readonly WireEvent[] {
  const acks = wire.flatMap((event, index) => (event.type === "confirmed" && event.connection === 2 ? [index] : []));
  const half = Math.floor(acks.length / 2);
  const twice = at(acks, draw(half - 1));
  const early = at(acks, half + draw(half - 3));
  return wire.flatMap((event, index) => {
    if (index === twice) return [event, event];
    if (index === early) return [at(wire, early + 1)];
    return index === early + 1 ? [at(wire, early)] : [event];
  });
}

function accept(key: string, seq: number, told: Partial<Accepted> = {}): Accepted {
  return { message: `${key}#${seq}`, key, seq, atMs: seq, life: 1, isDurable: false, ...told };
}

function begin(life: number): (message: Accepted) => Handled {
  return ({ message, key, seq }) => ({ message, key, seq, attempt: 1, life });
}

/** Round robin over the keys. */
function acceptMain(): readonly Accepted[] {
  return Array.from({ length: KEYS.length * SEQS }, (_, index) =>
    accept(at(KEYS, index % KEYS.length), Math.floor(index / KEYS.length)),
  );
}

/**
 * One side's wire: each message is published and confirmed, and half-way the connection ends with four unconfirmed, which
 * are sent again on the next one, in the resumed session.
 */
function passes(messages: readonly Accepted[], direction: "up" | "down"): readonly WireEvent[] {
  const first = messages.slice(0, CUT_AT);
  const second = messages.slice(CUT_AT - INFLIGHT);
  return [
    connected(1, "new"),
    ...first.map((message) => publish(direction, 1, message)),
    ...first.slice(0, -INFLIGHT).map((message) => confirm(direction, 1, message)),
    connected(2, "resumed"),
    ...second.map((message) => publish(direction, 2, message)),
    ...second.map((message) => confirm(direction, 2, message)),
  ];
}

function connected(connection: number, session: "new" | "resumed"): WireEvent {
  return { type: "connected", connection, sessionPresent: session === "resumed" };
}

function publish(direction: "up" | "down", connection: number, { message, key, seq }: Accepted): WireEvent {
  return { type: "published", connection, direction, packetId: packetIdOf(key, seq), message, reached: true };
}

/** Of a PUBLISH in that direction. */
function confirm(direction: "up" | "down", connection: number, { key, seq }: Accepted): WireEvent {
  const back = direction === "up" ? "down" : "up";
  const packetId = packetIdOf(key, seq);
  return { type: "confirmed", connection, direction: back, packetId, reasonCode: 0, atMs: LATE_MS };
}

/** Its own for each message. */
function packetIdOf(key: string, seq: number): number {
  return key.charCodeAt(0) * 100 + seq;
}

function attach(connection: number): Attachment {
  const [connectedAtMs, endedAtMs] = [connection * LATE_MS, (connection + 1) * LATE_MS];
  return {
    ...{ connection, connectedAtMs, endedAtMs, isCleanStart: false },
    ...{ sessionPresent: connection === 2 || connection === 3, hasSubscribed: true },
  };
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
