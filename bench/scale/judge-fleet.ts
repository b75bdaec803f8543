/** What became of every message of a fleet, and when everybody was back. Pure. */
import { type Figures, figuresOf, type Observed } from "../scorecard/figures.ts";
import { type Judged, keepLedger, type Ledger } from "../scorecard/ledger/ledger.ts";
import { repetitionsOf } from "../scorecard/ledger/order.ts";
import type { Accepted, Handled, WireEvent } from "../scorecard/ledger/recording.ts";
import type { FleetNotes } from "./fleet-peer.ts";
import type { ClientConnection, ClientRecord } from "./fleet-record.ts";
import { clientIdOf, keyOf, listenerOf } from "./fleet-topics.ts";

/** All that is known of a run. */
export interface FleetRecording {
  readonly clientCount: number;
  readonly listenerCount: number;
  readonly notes: FleetNotes;
  readonly records: ReadonlyMap<string, ClientRecord>;
}

/** The scorecard's figures; `out_of_order` holds only what came to the subscriber's socket in order. */
export interface FleetFigures extends Figures {
  /** Messages that the cluster itself sent behind later ones of their publisher. */
  readonly reordered_by_broker: number;
  /** PUBLISH packets of a message that had been sent to its listener before. */
  readonly repeated_by_broker: number;
}

const NOTHING: ClientRecord = { wire: [], connections: [] };

/** Each publisher with its listener is a recording of its own: connections and sessions are those of one client. */
export function judgeFleet(recording: FleetRecording, backMs: readonly number[]): FleetFigures {
  const { notes } = recording;
  const perPublisher = ledgersOf(recording);
  const figures = figuresOf(perPublisher, observedOf(notes, backMs));
  const reordered = new Set(perPublisher.flatMap(({ reorderedByBroker }) => reorderedByBroker));
  return {
    ...figures,
    out_of_order: perPublisher.flatMap(({ outOfOrder }) => outOfOrder).filter((message) => !reordered.has(message))
      .length,
    reordered_by_broker: reordered.size,
    repeated_by_broker: perPublisher
      .flatMap(({ judged }) => judged)
      .reduce((sum, { sentOn }) => sum + Math.max(0, sentOn.length - 1), 0),
  };
}

/**
 * The same without a record: nobody can say whose a loss or a reordering is. Every message that was accepted and neither handled
 * nor declared counts as lost by the client.
 */
export function judgeNotes({ notes }: Pick<FleetRecording, "notes">, backMs: readonly number[]): FleetFigures {
  const handled = new Set(notes.handled.map(({ message }) => message));
  const declared = new Set(notes.declared.map(({ message }) => message).filter((message) => !handled.has(message)));
  const judged = notes.accepted.map(({ message, atMs }): Judged => {
    const fate = handled.has(message) ? "delivered" : declared.has(message) ? "declared" : "lost_by_client";
    return { message, acceptedAtMs: atMs, fates: [fate], isForgiven: false, sent: [], sentOn: [] };
  });
  const offered = notes.accepted.map(({ message }) => message);
  const ledger = { judged, ...repetitionsOf({ ...notes, offered }), repeatCount: 0, excessRepeats: [] };
  const figures = figuresOf([ledger], observedOf(notes, backMs));
  return { ...figures, reordered_by_broker: 0, repeated_by_broker: 0 };
}

/** No process of a fleet is killed, no stop is called, and acknowledgements are the scorecard's affair. */
function observedOf(notes: FleetNotes, backMs: readonly number[]): Observed {
  return {
    ...{ backMs, published: notes.accepted.length, refused: notes.refusedCount },
    unsettledPromises: notes.promises.made - notes.promises.settled,
    ...{ lateStops: 0, overtakingCount: 0, strayCount: 0 },
    neverBack: backMs.filter((ms) => ms === Number.POSITIVE_INFINITY).length,
  };
}

/** The messages of a run that were not simply delivered, each with what the record shows of it. */
export function undelivered(recording: FleetRecording): Ledger["judged"] {
  return ledgersOf(recording).flatMap(({ judged }) => judged.filter(({ fates }) => fates.join() !== "delivered"));
}

interface PublisherLedger extends Ledger {
  readonly reorderedByBroker: readonly string[];
}

function ledgersOf({ clientCount, listenerCount, notes, records }: FleetRecording): readonly PublisherLedger[] {
  const acceptedOf = Map.groupBy(notes.accepted, ({ key }) => key);
  const handledOf = Map.groupBy(notes.handled, ({ key }) => key);
  const declaredOf = Map.groupBy(notes.declared, ({ message }) => message.split("#")[0] ?? "");
  return Array.from({ length: clientCount }, (_, client) => {
    const key = keyOf(client);
    const accepted = acceptedOf.get(key) ?? [];
    const publisher = records.get(clientIdOf(client)) ?? NOTHING;
    const subscriber = records.get(clientIdOf(listenerOf(client, listenerCount))) ?? NOTHING;
    const wires = { publisher: publisher.wire, subscriber: subscriber.wire };
    const [handled, declared] = [handledOf.get(key) ?? [], declaredOf.get(key) ?? []];
    const offered = accepted.map(({ message }) => message);
    // Sessions that last, in processes that live: there is nothing that a client could have brought upon itself.
    const ledger = keepLedger({ accepted, offered, handled, declared, wires, killedLives: [], attachments: [] });
    return { ...ledger, reorderedByBroker: reordered(accepted, subscriber.wire) };
  });
}

/** Of one publisher: what came to the listener's socket for the first time behind a later message. */
function reordered(accepted: readonly Accepted[], wire: readonly WireEvent[]): readonly string[] {
  const known = new Map(accepted.map((each) => [each.message, each]));
  const arrivals = new Map<string, Handled>();
  for (const event of wire) {
    if (event.type !== "published" || event.direction !== "down" || !event.reached) continue;
    const said = known.get(event.message);
    if (said === undefined || arrivals.has(event.message)) continue;
    arrivals.set(event.message, { message: event.message, key: said.key, seq: said.seq, attempt: 1, life: 1 });
  }
  return repetitionsOf({ offered: [...known.keys()], handled: [...arrivals.values()] }).outOfOrder;
}

/** A stretch of a run, by `monotonicMs`. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Of every client that lost a connection in the stretch: from its beginning to the moment at which it was back with the
 * last connection that it opened in it, so that who came back and was lost again is not back. Infinite for who never was.
 */
export function backTimes(records: Iterable<ClientRecord>, { fromMs, toMs }: Stretch): readonly number[] {
  const isWithin = (atMs: number | undefined): boolean => atMs !== undefined && atMs >= fromMs && atMs < toMs;
  return [...records].flatMap(({ connections }) => {
    if (!connections.some(({ closedAtMs }) => isWithin(closedAtMs))) return [];
    const last = connections.filter(({ openedAtMs }) => openedAtMs < toMs).at(-1);
    return [isBack(last) ? Math.max(0, last.backAtMs - fromMs) : Number.POSITIVE_INFINITY];
  });

  function isBack(last: ClientConnection | undefined): last is ClientConnection & { readonly backAtMs: number } {
    return last?.backAtMs !== undefined && last.backAtMs >= fromMs && !isWithin(last.closedAtMs);
  }
}
