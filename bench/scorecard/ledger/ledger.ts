/**
 * What became of each accepted message, judged from the packet record and never from the client's word. Pure.
 *
 * - *delivered*: a handler ran, and the record shows the PUBLISH that it ran for.
 * - *declared*: no handler ran, and the client said that it will not deliver it (expired, refused, dead-lettered), or the
 *   publisher's process was killed before the PUBACK and had not promised to survive that.
 * - *lost by the client*: no PUBACK was seen and nobody got it; or the subscriber took the PUBLISH (acknowledged it, or has it on
 *   the connection that stands) and no handler ran; or the subscriber's client had seen to it that it could not come.
 * - *lost by the broker*: a PUBACK was seen, and the broker never sent it on, or not again where it owed that. Mosquitto does
 *   this at SIGKILL, and for clients whose session it has lost.
 * - *lost in the cut*: written to a connection that ended before its PUBACK, and the session was not resumed.
 *
 * Each is tested on its own. A message in none of them, or in two, contradicts itself; a run with such a message fails.
 */
import { type Sequel, sequelsOf, type Transmission, type Transmissions, transmissionsOf } from "./evidence.ts";
import { givenUpOf, neglectOf } from "./neglect.ts";
import { type Repetition, repetitionsOf } from "./order.ts";
import type { Accepted, MessageName, Recording } from "./recording.ts";
import { type Repeats, repeatsOf } from "./repeats.ts";

/** The classes a message can end in. */
export type Fate = "delivered" | "declared" | "lost_by_client" | "lost_by_broker" | "lost_in_cut";

/** An accepted message and every class it is in; exactly one when nothing is wrong with the record. */
export interface Judged {
  readonly message: MessageName;
  readonly acceptedAtMs: number;
  readonly fates: readonly Fate[];
  /** Declared, but not by the client: its process was killed. */
  readonly isForgiven: boolean;
  /** Each PUBLISH on the record, on the publisher's link and on the subscriber's. */
  readonly sent: readonly Transmission[];
  readonly sentOn: readonly Transmission[];
}

/** The ledger of one recording. */
export interface Ledger extends Repetition, Repeats {
  /** Every accepted message, in the order of acceptance. */
  readonly judged: readonly Judged[];
}

const REFUSED_FROM = 0x80;

/** Judges a recording. */
export function keepLedger(recording: Recording): Ledger {
  const evidence = gather(recording);
  return {
    judged: recording.accepted.map((accepted) => judge(accepted, evidence)),
    ...repetitionsOf(recording),
    ...repeatsOf(recording.handled, evidence.sentOn),
  };
}

/** The messages that ended in this class and no other. */
export function messagesOf({ judged }: Pick<Ledger, "judged">, fate: Fate): readonly Judged[] {
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
export function contradictions({ judged }: Pick<Ledger, "judged">): readonly Judged[] {
  return judged.filter(({ fates }) => fates.length !== 1);
}

interface Evidence {
  readonly handled: ReadonlySet<MessageName>;
  readonly declared: ReadonlySet<MessageName>;
  readonly killedLives: ReadonlySet<number>;
  readonly sent: Transmissions;
  readonly sentOn: Transmissions;
  readonly afterSent: (connection: number) => Sequel;
  readonly afterSentOn: (connection: number) => Sequel;
  readonly isNeglected: (atMs: number) => boolean;
  readonly isGivenUp: (connection: number) => boolean;
}

function gather({ handled, declared, killedLives, wires, attachments }: Recording): Evidence {
  return {
    handled: new Set(handled.map(({ message }) => message)),
    declared: new Set(declared.map(({ message }) => message)),
    killedLives: new Set(killedLives),
    sent: transmissionsOf(wires.publisher, "up"),
    sentOn: transmissionsOf(wires.subscriber, "down"),
    afterSent: sequelsOf(wires.publisher),
    afterSentOn: sequelsOf(wires.subscriber),
    isNeglected: neglectOf(attachments),
    isGivenUp: givenUpOf(attachments),
  };
}

function judge({ message, atMs, life, isDurable }: Accepted, evidence: Evidence): Judged {
  const sent = evidence.sent.get(message) ?? [];
  const sentOn = evidence.sentOn.get(message) ?? [];
  const confirmedAtMs = sent.find(isTaken)?.confirmedAtMs;
  const isDead = evidence.killedLives.has(life) && !isDurable;
  const fates = fatesOf({
    isHandled: evidence.handled.has(message),
    isSentOn: sentOn.length > 0,
    isSaid: evidence.declared.has(message),
    isConfirmed: sent.some(isTaken),
    isForgiven: isDead,
    isCutOnTheWayUp: sent.length > 0 && sent.every(wasCut(evidence.afterSent)),
    isInHands: sentOn.some((each) => each.reached && isHeld(each, evidence.afterSentOn)),
    isCutOnTheWayDown: sentOn.some((each) => each.reached && wasCut(evidence.afterSentOn)(each)),
    isNeglected:
      confirmedAtMs !== undefined &&
      (evidence.isNeglected(confirmedAtMs) || sentOn.some(wasGivenUp(evidence.isGivenUp))),
  });
  const isForgiven = fates.includes("declared") && !evidence.declared.has(message);
  return { message, acceptedAtMs: atMs, fates, isForgiven, sent, sentOn };
}

/** What the record shows of one message. */
interface Findings {
  readonly isHandled: boolean;
  readonly isSentOn: boolean;
  readonly isSaid: boolean;
  readonly isConfirmed: boolean;
  /** Its publisher was killed, and it was not made to survive that. */
  readonly isForgiven: boolean;
  readonly isCutOnTheWayUp: boolean;
  /** The subscriber's client has taken it. */
  readonly isInHands: boolean;
  readonly isCutOnTheWayDown: boolean;
  readonly isNeglected: boolean;
}

function fatesOf(found: Findings): readonly Fate[] {
  const { isHandled, isConfirmed, isInHands, isNeglected } = found;
  const isExcused = found.isForgiven && !isConfirmed && !isInHands;
  const isDeclared = !isHandled && (found.isSaid || isExcused);
  const isMissing = !isHandled && !isDeclared;
  // Neither taken by the subscriber, nor kept from it by its own client.
  const isUnderway = !isInHands && !isNeglected;
  const isCut = isConfirmed ? isUnderway && found.isCutOnTheWayDown : !isInHands && found.isCutOnTheWayUp;
  const claims: Readonly<Record<Fate, boolean>> = {
    delivered: isHandled && found.isSentOn,
    declared: isDeclared,
    lost_by_client: isMissing && (isConfirmed ? !isUnderway : !isCut),
    // A declared message that the broker had confirmed, and lost, contradicts itself.
    lost_by_broker: !isHandled && isConfirmed && isUnderway && !found.isCutOnTheWayDown,
    lost_in_cut: isMissing && isCut,
  };
  return FATES.filter((fate) => claims[fate]);
}

const FATES = ["delivered", "declared", "lost_by_client", "lost_by_broker", "lost_in_cut"] as const;

/** The broker has it. */
function isTaken({ confirmedWith }: Transmission): boolean {
  return confirmedWith !== undefined && confirmedWith < REFUSED_FROM;
}

/** The client has said so, or nothing has happened yet that could have taken it away. */
function isHeld({ connection, confirmedWith }: Transmission, after: (connection: number) => Sequel): boolean {
  return confirmedWith !== undefined || after(connection) === "stands";
}

function wasCut(after: (connection: number) => Sequel): (transmission: Transmission) => boolean {
  return ({ connection, confirmedWith }) => confirmedWith === undefined && after(connection) === "abandoned";
}

/** It had not reached the client, and the client did not want it any more. */
function wasGivenUp(isGivenUp: (connection: number) => boolean): (transmission: Transmission) => boolean {
  return ({ connection, reached, confirmedWith }) => !reached && confirmedWith === undefined && isGivenUp(connection);
}
