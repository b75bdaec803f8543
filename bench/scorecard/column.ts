/** One client under test: a publisher and a subscriber in processes of their own, each behind a link that records. */
import { type Endpoint, type Link, openLink, until } from "@ts-tars/harness";
import type { Recording } from "./ledger/recording.ts";
import { ownAddress } from "./own-address.ts";
import type { Counters } from "./peers/peer-messages.ts";
import { PeerProcess } from "./peers/peer-process.ts";
import { nameOf } from "./peers/traffic-topic.ts";
import { backAfter } from "./reconnection.ts";
import type { Traffic } from "./scorecard-case.ts";
import { memberOf, type ReadName, wireOf } from "./wire-record.ts";

/** Whose client it is. Raw MQTT.js will be another one: two more peer files, and its line in `PEER_FILES`. */
export type ClientKind = "ours";

/** Which client, speaking what. */
export interface ColumnPlan {
  /** As printed. */
  readonly name: string;
  readonly client: ClientKind;
  readonly protocol: "5" | "3.1.1";
}

const PEER_FILES: Readonly<Record<ClientKind, { readonly publisher: string; readonly subscriber: string }>> = {
  ours: { publisher: "./publisher.ts", subscriber: "./subscriber.ts" },
};

/** The version number in CONNECT. */
const WIRE_VERSIONS = { "3.1.1": 4, "5": 5 } as const;
/** What the broker still holds when the traffic has ended arrives by then. */
const ARRIVAL_DEADLINE_MS = 60_000;

const ENDS = ["publisher", "subscriber"] as const;
type End = (typeof ENDS)[number];

/** How long each client took to come back, milliseconds. */
export type BackMs = Readonly<Record<End, number>>;

/** Opens the links and starts both processes, the subscriber first; resolves when both are connected. */
export async function openColumn({
  plan,
  target,
  traffic,
}: {
  readonly plan: ColumnPlan;
  readonly target: Endpoint;
  readonly traffic: Traffic;
}): Promise<Column> {
  const column = new Column(plan, {
    publisher: await openEnd("publisher", { plan, target }),
    subscriber: await openEnd("subscriber", { plan, target }),
  });
  try {
    await column.start(traffic);
  } catch (error) {
    await column[Symbol.asyncDispose]();
    throw error;
  }
  return column;
}

interface OpenEnd {
  readonly link: Link;
  readonly peer: PeerProcess;
}

async function openEnd(end: End, at: { readonly plan: ColumnPlan; readonly target: Endpoint }): Promise<OpenEnd> {
  return {
    link: await openLink({ target: at.target, host: ownAddress() }),
    peer: new PeerProcess(PEER_FILES[at.plan.client][end]),
  };
}

/** A column at work. */
export class Column implements AsyncDisposable {
  readonly plan: ColumnPlan;
  readonly #ends: Readonly<Record<End, OpenEnd>>;

  /** Use `openColumn`. */
  constructor(plan: ColumnPlan, ends: Readonly<Record<End, OpenEnd>>) {
    this.plan = plan;
    this.#ends = ends;
  }

  get links(): readonly Link[] {
    return ENDS.map((end) => this.#ends[end].link);
  }

  /** Messages that `publish` threw for so far. */
  get refusedCount(): number {
    return this.#ends.publisher.peer.notes.refused.length;
  }

  /** How often each warning or error of the clients was logged. */
  get loggedCounts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const end of ENDS) {
      for (const message of this.#ends[end].peer.notes.logged) {
        const line = `${end}: ${message}`;
        counts[line] = (counts[line] ?? 0) + 1;
      }
    }
    return counts;
  }

  /** What the clients counted about themselves. */
  get counters(): Readonly<Record<End, Counters>> {
    const { publisher, subscriber } = this.#ends;
    return { publisher: publisher.peer.notes.counters, subscriber: subscriber.peer.notes.counters };
  }

  async start(traffic: Traffic): Promise<void> {
    const column = this.plan.name.replace(/[^a-z0-9.]+/gi, "-");
    // The subscription must stand before the first message: what nobody wants the broker forgets.
    for (const end of ["subscriber", "publisher"] as const) {
      const { link, peer } = this.#ends[end];
      await peer.start({
        url: link.url,
        clientId: `${column}-${end}`,
        protocol: this.plan.protocol,
        column,
        traffic,
        life: 1,
      });
    }
  }

  /** Resolves when both clients are back, or have missed their deadline. */
  async backAfter(portOpenAtMs: number): Promise<BackMs> {
    const [publisher, subscriber] = await Promise.all([
      backAfter(this.#ends.publisher.link, portOpenAtMs),
      backAfter(this.#ends.subscriber.link, portOpenAtMs),
    ]);
    return { publisher, subscriber };
  }

  /** Ends the traffic and waits until everything that can still arrive has arrived; closes both clients. */
  async finish(): Promise<void> {
    const { publisher, subscriber } = this.#ends;
    await publisher.peer.finish();
    const last = new Map(publisher.peer.notes.accepted.map(({ key, message }) => [key, message]));
    const missing = new Set(last.values());
    let looked = 0;
    const isAllHere = (): boolean => {
      const { handled } = subscriber.peer.notes;
      for (; looked < handled.length; looked += 1) missing.delete(handled[looked]?.message ?? "");
      return missing.size === 0;
    };
    // The last of each key comes behind all others of it. What does not come is for the ledger to say.
    await until(isAllHere, { deadlineMs: ARRIVAL_DEADLINE_MS }).catch(() => undefined);
    await Promise.all(ENDS.map((end) => this.#ends[end].peer.close()));
  }

  /** Everything the ledger needs. @throws {Error} when a client spoke another version than it was to, or to someone else. */
  recording(): Recording {
    const { publisher, subscriber } = this.#ends;
    this.#requireVersion();
    for (const end of ENDS) this.#requireNoStranger(end);
    const promises = [publisher.peer.notes.promises, subscriber.peer.notes.promises];
    return {
      accepted: publisher.peer.notes.accepted,
      handled: subscriber.peer.notes.handled,
      declared: [...publisher.peer.notes.declared, ...subscriber.peer.notes.declared],
      promises: {
        made: promises.reduce((sum, { made }) => sum + made, 0),
        settled: promises.reduce((sum, { settled }) => sum + settled, 0),
      },
      wires: { publisher: wireOf(publisher.link, readName), subscriber: wireOf(subscriber.link, readName) },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of ENDS) {
      const { link, peer } = this.#ends[end];
      await peer[Symbol.asyncDispose]();
      await link.close();
    }
  }

  /** Another program on a link's port while the link was down is not on the record: nothing could be judged. */
  #requireNoStranger(end: End): void {
    const { link, peer } = this.#ends[end];
    const recordedCount = link.packets().filter(({ packet }) => packet?.cmd === "connack").length;
    const { connectionCount } = peer.notes;
    if (connectionCount <= recordedCount) return;
    throw new Error(
      `The ${end} of ${this.plan.name} was connected ${connectionCount} times, and its link saw ${recordedCount}: ` +
        "another program has answered on its port. Run it again.",
    );
  }

  #requireVersion(): void {
    const { protocol, name } = this.plan;
    const spoken = this.links.flatMap((link) => link.connections().map(({ protocolVersion }) => protocolVersion));
    const other = spoken.find((version) => version !== undefined && version !== WIRE_VERSIONS[protocol]);
    if (other !== undefined) throw new Error(`${name} was to speak MQTT ${protocol}, and its CONNECT says ${other}.`);
  }
}

const readName: ReadName = ({ data }) => {
  const [key, seq] = [memberOf(data, "key"), memberOf(data, "seq")];
  return typeof key === "string" && typeof seq === "number" ? nameOf({ key, seq }) : undefined;
};
