/** One client under test: publishers and subscribers in processes of their own, each behind a link that records. */
import { type Endpoint, type Link, until } from "@ts-tars/harness";
import type { AckFaults } from "./ledger/acknowledgements.ts";
import type { MessageName, Recording } from "./ledger/recording.ts";
import type { Counters } from "./peers/peer-messages.ts";
import { nameOf } from "./peers/traffic-topic.ts";
import { backAfter } from "./reconnection.ts";
import type { ColumnPlan, ScorecardCase, Side } from "./scorecard-case.ts";
import { openSeat, type Seat } from "./seat.ts";
import { memberOf, type ReadName } from "./wire-record.ts";

/** What the broker still holds when the traffic has ended arrives by then. */
const ARRIVAL_DEADLINE_MS = 60_000;

/** How long each client took to come back, milliseconds; publishers first. */
export type BackMs = readonly number[];

/** Opens the links and starts all processes, the subscribers first; resolves when all are connected. */
export async function openColumn(
  plan: ColumnPlan,
  { target, traffic, delayMs }: Pick<ScorecardCase, "traffic" | "delayMs"> & { readonly target: Endpoint },
): Promise<Column> {
  const column = plan.name.replace(/[^a-z0-9.]+/gi, "-");
  const open = (side: Side): Promise<readonly Seat[]> =>
    Promise.all(
      plan[`${side}s`].map((protocol, index) =>
        openSeat({
          ...{ client: plan.client, side, name: `${side.slice(0, 1)}${index}`, protocol },
          ...{ column, target, traffic, delayMs },
        }),
      ),
    );
  const opened = new Column(plan, { publisher: await open("publisher"), subscriber: await open("subscriber") });
  try {
    // The subscriptions must stand before the first message: what nobody wants the broker forgets.
    for (const side of ["subscriber", "publisher"] as const) {
      await Promise.all(opened.of(side).map((seat) => seat.begin()));
    }
    return opened;
  } catch (error) {
    await opened[Symbol.asyncDispose]();
    throw error;
  }
}

/** A column at work. */
export class Column implements AsyncDisposable {
  readonly plan: ColumnPlan;
  /** How often a client did not come back. */
  neverBackCount = 0;
  readonly #seats: Readonly<Record<Side, readonly Seat[]>>;

  /** Use `openColumn`. */
  constructor(plan: ColumnPlan, seats: Readonly<Record<Side, readonly Seat[]>>) {
    this.plan = plan;
    this.#seats = seats;
  }

  /** Publishers first. */
  get seats(): readonly Seat[] {
    return [...this.#seats.publisher, ...this.#seats.subscriber];
  }

  get links(): readonly Link[] {
    return this.seats.map(({ link }) => link);
  }

  of(side: Side): readonly Seat[] {
    return this.#seats[side];
  }

  /** The one that a lot from [0, 1) falls on. */
  drawn(side: Side, lot: number): Seat {
    const seats = this.#seats[side];
    const seat = seats[Math.floor(lot * seats.length)];
    if (seat === undefined) throw new RangeError(`${this.plan.name} has no ${side} for the lot ${lot}.`);
    return seat;
  }

  /** Messages that `publish` took. */
  get publishedCount(): number {
    return this.#seats.publisher.reduce((sum, { notes }) => sum + notes.accepted.length, 0);
  }

  /** Messages that `publish` threw for so far. */
  get refusedCount(): number {
    return this.#seats.publisher.reduce((sum, { notes }) => sum + notes.refused.length, 0);
  }

  /** How often each warning or error of the clients was logged. */
  get loggedCounts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { plan, notes } of this.seats) {
      for (const message of notes.logged) {
        const line = `${plan.side}: ${message}`;
        counts[line] = (counts[line] ?? 0) + 1;
      }
    }
    return counts;
  }

  /** Why messages were declared, by the clients' own word. */
  get declaredReasons(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { reason } of this.seats.flatMap(({ notes }) => notes.declared)) {
      counts[reason] = (counts[reason] ?? 0) + 1;
    }
    return counts;
  }

  /** What the clients counted about themselves, by the name of their seat. */
  get counters(): Readonly<Record<string, Counters>> {
    return Object.fromEntries(this.seats.map(({ plan, notes }) => [plan.name, notes.totals.counters]));
  }

  /** Promises that clients returned and that had not settled when they were closed. */
  get unsettledPromiseCount(): number {
    const promises = this.seats.map(({ notes }) => notes.totals.promises);
    return promises.reduce((sum, { made, settled }) => sum + made - settled, 0);
  }

  /** How subscribers acknowledged what the broker sent them, and publishers what came to them. */
  get ackFaults(): AckFaults {
    const faults = this.seats.map((seat) => seat.ackFaults());
    return {
      overtakingCount: faults.reduce((sum, { overtakingCount }) => sum + overtakingCount, 0),
      strayCount: faults.reduce((sum, { strayCount }) => sum + strayCount, 0),
    };
  }

  /** Stops that did not reach some subscriber, or not before all of what lay before them. */
  get lateStopCount(): number {
    const isLate = (subscriber: Seat, { stop, behind }: Seat["notes"]["stopsSent"][number]): boolean => {
      const { handled, stopsHeard } = subscriber.notes;
      const place = handled.findIndex(({ message }) => message === behind);
      return (stopsHeard.get(stop) ?? Number.POSITIVE_INFINITY) > (place < 0 ? handled.length : place);
    };
    const sent = this.#seats.publisher.flatMap(({ notes }) => notes.stopsSent);
    return this.#seats.subscriber.reduce((sum, seat) => sum + sent.filter((stop) => isLate(seat, stop)).length, 0);
  }

  /** Resolves when all clients are back, or have missed their deadline. */
  backAfter(portOpenAtMs: number): Promise<BackMs> {
    return Promise.all(this.links.map((link) => backAfter(link, portOpenAtMs)));
  }

  /** Ends the traffic and waits until everything that can still arrive has arrived; closes all clients. */
  async finish(): Promise<void> {
    await Promise.all(this.#seats.publisher.map(({ peer }) => peer.finish()));
    const lastOfAll = this.#seats.publisher.flatMap(({ notes }) => [
      ...new Map(notes.accepted.map(({ key, message }) => [key, message])).values(),
    ]);
    // The last of each key comes behind all others of it. What does not come is for the ledger to say.
    await Promise.all(this.#seats.subscriber.map((seat) => arrivalOf(seat, lastOfAll)));
    await Promise.all(this.seats.map(({ peer }) => peer.close()));
  }

  /** Everything the ledger needs, once for each publisher and subscriber. @throws {Error} when the record is not sound. */
  recordings(): readonly Recording[] {
    for (const seat of this.seats) seat.requireSound();
    return this.#seats.publisher.flatMap((publisher) =>
      this.#seats.subscriber.map((subscriber) => recordingOf(publisher, subscriber)),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.seats.map((seat) => seat[Symbol.asyncDispose]()));
  }
}

async function arrivalOf({ notes }: Seat, messages: readonly MessageName[]): Promise<void> {
  const missing = new Set(messages);
  let looked = 0;
  const isAllHere = (): boolean => {
    for (; looked < notes.handled.length; looked += 1) missing.delete(notes.handled[looked]?.message ?? "");
    return missing.size === 0;
  };
  await until(isAllHere, { deadlineMs: ARRIVAL_DEADLINE_MS }).catch(() => undefined);
}

function recordingOf(publisher: Seat, subscriber: Seat): Recording {
  const isTheirs = ({ key }: { readonly key: string }): boolean => key.startsWith(`${publisher.plan.name}k`);
  const read: ReadName = ({ data }) => {
    const [key, seq] = [memberOf(data, "key"), memberOf(data, "seq")];
    return typeof key === "string" && typeof seq === "number" && isTheirs({ key }) ? nameOf({ key, seq }) : undefined;
  };
  return {
    accepted: publisher.notes.accepted,
    offered: publisher.notes.offered,
    killedLives: publisher.killedLives,
    handled: subscriber.notes.handled.filter(isTheirs),
    declared: [...publisher.notes.declared, ...subscriber.notes.declared],
    wires: { publisher: publisher.wire(read), subscriber: subscriber.wire(read) },
    attachments: subscriber.attachments(),
  };
}
