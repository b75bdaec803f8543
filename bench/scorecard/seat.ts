/** One end of a column: a place behind a link of its own, and the lives of the process that sits there. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Endpoint } from "@ts-tars/harness";
import { type Link, type LinkPacket, openLink, until } from "@ts-tars/harness";
import { type AckFaults, ackFaultsOf } from "./ledger/acknowledgements.ts";
import type { Attachment, WireEvent } from "./ledger/recording.ts";
import { ownAddress } from "./own-address.ts";
import { Notes } from "./peers/notes.ts";
import { PeerProcess } from "./peers/peer-process.ts";
import type { ClientKind, Clock, Protocol, Side, Traffic } from "./scorecard-case.ts";
import { acksOf, attachmentsOf, type ReadName, wireOf } from "./wire-record.ts";

const PEER_FILES: Readonly<Record<ClientKind, Readonly<Record<Side, string>>>> = {
  ours: { publisher: "./publisher.ts", subscriber: "./subscriber.ts" },
  mqttjs: { publisher: "./mqttjs-publisher.ts", subscriber: "./mqttjs-subscriber.ts" },
};

/** The version number in CONNECT. */
const WIRE_VERSIONS: Readonly<Record<Protocol, number>> = { "3.1.1": 4, "5": 5 };

/** Behind the client id, where it is that of a control link of ours. */
const CONTROL_SUFFIX = "!c";

/** Looked for so long; a client that is not connected again by then is not coming back. */
const BACK_DEADLINE_MS = 60_000;

/** Who sits there. */
export interface SeatPlan {
  readonly client: ClientKind;
  readonly side: Side;
  /** Unique in its column: `p0`. */
  readonly name: string;
  readonly protocol: Protocol;
  /** First level of the column's topics. */
  readonly column: string;
  readonly target: Endpoint;
  readonly traffic: Traffic;
  readonly delayMs: number;
}

/** Opens the link and starts the first life's process; `begin` connects its client. */
export async function openSeat(plan: SeatPlan): Promise<Seat> {
  const link = await openLink({ target: plan.target, host: ownAddress() });
  link.delay(plan.delayMs);
  return new Seat(plan, { link, folder: await mkdtemp(join(tmpdir(), "ts-tars-scorecard-")) });
}

/** An end at work. */
export class Seat implements AsyncDisposable {
  readonly plan: SeatPlan;
  readonly link: Link;
  readonly clientId: string;
  readonly notes = new Notes();
  /** Lives that were ended by SIGKILL. */
  readonly killedLives: number[] = [];
  readonly #folder: string;
  #peer: PeerProcess;
  #life = 1;

  /** Use `openSeat`. */
  constructor(plan: SeatPlan, { link, folder }: { readonly link: Link; readonly folder: string }) {
    this.plan = plan;
    this.link = link;
    this.clientId = `${plan.column}-${plan.name}`;
    this.#folder = folder;
    this.#peer = new PeerProcess(PEER_FILES[plan.client][plan.side], { notes: this.notes });
  }

  get peer(): PeerProcess {
    return this.#peer;
  }

  /** Resolves when the client of this life is connected. */
  begin(): Promise<void> {
    const { protocol, column, name, traffic } = this.plan;
    return this.#peer.start({
      url: this.link.url,
      clientId: this.clientId,
      protocol,
      column,
      name,
      traffic,
      life: this.#life,
      offeredBefore: this.notes.offered.length,
      stateFolder: this.#folder,
    });
  }

  /** Kills the process. */
  async kill(): Promise<void> {
    this.killedLives.push(this.#life);
    await this.#peer.kill();
  }

  /** After `kill`: another life of the same client. */
  async revive(clock: Clock): Promise<void> {
    this.#life += 1;
    this.#peer = new PeerProcess(PEER_FILES[this.plan.client][this.plan.side], { notes: this.notes, clock });
    await this.begin();
  }

  /** Resolves with true when a connection accepted after `sinceMs` stands, with false when none came. */
  async isBackAfter(sinceMs: number): Promise<boolean> {
    const isBack = (): boolean => {
      const last = this.attachments().at(-1);
      return last !== undefined && last.connectedAtMs >= sinceMs && last.endedAtMs === Number.POSITIVE_INFINITY;
    };
    try {
      return await until(isBack, { deadlineMs: BACK_DEADLINE_MS });
    } catch {
      return false;
    }
  }

  /** The connection for messages of high priority, when it stands. */
  get controlLink(): Attachment | undefined {
    const last = attachmentsOf(this.link, `${this.clientId}${CONTROL_SUFFIX}`).at(-1);
    return last?.endedAtMs === Number.POSITIVE_INFINITY ? last : undefined;
  }

  /** Whether the packet is of the client's own connection, and not of its control link or of a stranger. */
  isOwn({ connection }: LinkPacket): boolean {
    return this.link.connections()[connection - 1]?.clientId === this.clientId;
  }

  attachments(): readonly Attachment[] {
    return attachmentsOf(this.link, this.clientId);
  }

  /** What passed on the client's own connections. */
  wire(read: ReadName): readonly WireEvent[] {
    const own = new Set(this.attachments().map(({ connection }) => connection));
    return wireOf(this.link, read).filter(({ connection }) => own.has(connection));
  }

  ackFaults(): AckFaults {
    return ackFaultsOf(acksOf(this.link));
  }

  /** @throws {Error} when what is on the record cannot be all that happened, or happened in another version than asked for. */
  requireSound(): void {
    const { protocol } = this.plan;
    const connections = this.link.connections();
    const other = connections.find(
      ({ protocolVersion }) => protocolVersion !== undefined && protocolVersion !== WIRE_VERSIONS[protocol],
    );
    if (other !== undefined) {
      throw new Error(`${this.clientId} was to speak MQTT ${protocol}, and its CONNECT says ${other.protocolVersion}.`);
    }
    // Another program on a link's port while the link was down is not on the record: nothing could be judged.
    const recordedCount = this.attachments().length;
    const { connectionCount } = this.notes.totals;
    if (connectionCount > recordedCount) {
      throw new Error(
        `${this.clientId} was connected ${connectionCount} times, and its link saw ${recordedCount}: ` +
          "another program has answered on its port. Run it again.",
      );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#peer[Symbol.asyncDispose]();
    await this.link.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
