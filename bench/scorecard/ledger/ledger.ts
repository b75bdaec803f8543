/**
 * What became of each accepted message, judged from the packet record and never from the client's word. Pure.
 *
 * - *delivered*: a handler ran, and the record shows the PUBLISH that it ran for.
 * - *declared*: the client said that it will not deliver it (expired, refused, dead-lettered), and no handler ran.
 * - *lost by the client*: no PUBACK was seen and nobody got it, or the PUBLISH reached the subscriber's socket and no
 *   handler ran.
 * - *lost by the broker*: a PUBACK was seen, and it never reached the subscriber's socket. Mosquitto does this at SIGKILL.
 * - *lost in the cut*: written to a connection that ended before its PUBACK, and the session was not resumed.
 *
 * Each is tested on its own. A message in none of them, or in two, contradicts itself; a run with such a message fails.
 */
import { isAbandoned, type Transmission, type Transmissions, transmissionsOf } from "./evidence.ts";
import { type Repetition, repetitionsOf } from "./order.ts";
import type { Accepted, MessageName, Recording } from "./recording.ts";

/** The classes a message can end in. */
export type Fate = "delivered" | "declared" | "lost_by_client" | "lost_by_broker" | "lost_in_cut";

/** An accepted message and every class it is in; exactly one when nothing is wrong with the record. */
export interface Judged {
  readonly message: MessageName;
  readonly acceptedAtMs: number;
  readonly fates: readonly Fate[];
  /** Each PUBLISH on the record, on the publisher's link and on the subscriber's. */
  readonly sent: readonly Transmission[];
  readonly sentOn: readonly Transmission[];
}

/** The ledger of one recording. */
export interface Ledger extends Repetition {
  /** Every accepted message, in the order of acceptance. */
  readonly judged: readonly Judged[];
  readonly unsettledPromises: number;
}

const REFUSED_FROM = 0x80;

/** Judges a recording. */
export function keepLedger(recording: Recording): Ledger {
  const evidence = gather(recording);
  return {
    judged: recording.accepted.map((accepted) => judge(accepted, evidence)),
    ...repetitionsOf(recording),
    unsettledPromises: recording.promises.made - recording.promises.settled,
  };
}

/** The messages that ended in this class and no other. */
export function messagesOf({ judged }: Ledger, fate: Fate): readonly Judged[] {
  return judged.filter(({ fates }) => fates.length === 1 && fates[0] === fate);
}

/** A message, its classes and what the record shows of it: `a#7: lost_by_client (up 3 confirmed; down 4 reached)`. */
export function describeJudged({ message, fates, sent, sentOn }: Judged): string {
  const ways = [
    ...sent.map((each) => describePassage("up", each)),
    ...sentOn.map((each) => describePassage("down", each)),
  ];
  return `${message}: ${fates.join(" and ") || "no class"} (${ways.join("; ") || "never on the wire"})`;
}

function describePassage(direction: string, { connection, reached, confirmedWith }: Transmission): string {
  const end = confirmedWith === undefined ? "unconfirmed" : `confirmed with ${confirmedWith}`;
  return `${direction} on connection ${connection}, ${reached ? "reached" : "swallowed"}, ${end}`;
}

/** The messages in no class, or in two. */
export function contradictions({ judged }: Ledger): readonly Judged[] {
  return judged.filter(({ fates }) => fates.length !== 1);
}

interface Evidence {
  readonly handled: ReadonlySet<MessageName>;
  readonly declared: ReadonlySet<MessageName>;
  readonly sent: Transmissions;
  readonly sentOn: Transmissions;
  readonly isAbandoned: (connection: number) => boolean;
}

function gather({ handled, declared, wires }: Recording): Evidence {
  return {
    handled: new Set(handled.map(({ message }) => message)),
    declared: new Set(declared.map(({ message }) => message)),
    sent: transmissionsOf(wires.publisher, "up"),
    sentOn: transmissionsOf(wires.subscriber, "down"),
    isAbandoned: isAbandoned(wires.publisher),
  };
}

function judge({ message, atMs }: Accepted, evidence: Evidence): Judged {
  const sent = evidence.sent.get(message) ?? [];
  const sentOn = evidence.sentOn.get(message) ?? [];
  const isHandled = evidence.handled.has(message);
  const isDeclared = !isHandled && evidence.declared.has(message);
  const isConfirmed = sent.some(({ confirmedWith }) => confirmedWith !== undefined && confirmedWith < REFUSED_FROM);
  const hasArrived = sentOn.some(({ reached }) => reached);
  const isCut = !isConfirmed && sent.length > 0 && sent.every(wasCut(evidence));
  const isMissing = !isHandled && !isDeclared;
  const claims: Readonly<Record<Fate, boolean>> = {
    delivered: isHandled && sentOn.length > 0,
    declared: isDeclared,
    lost_by_client: isMissing && (hasArrived || (!isConfirmed && !isCut)),
    // A declared message that the broker had confirmed, and lost, contradicts itself.
    lost_by_broker: !isHandled && isConfirmed && !hasArrived,
    lost_in_cut: isMissing && isCut && !hasArrived,
  };
  return { message, acceptedAtMs: atMs, fates: FATES.filter((fate) => claims[fate]), sent, sentOn };
}

const FATES = ["delivered", "declared", "lost_by_client", "lost_by_broker", "lost_in_cut"] as const;

function wasCut(evidence: Evidence): (transmission: Transmission) => boolean {
  return ({ connection, confirmedWith }) => confirmedWith === undefined && evidence.isAbandoned(connection);
}
