/** The parent's side: the processes of a fleet as one, behind a link before each node that records every packet. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Link, type NatsCluster, openLink } from "@ts-tars/harness";
import { PeerProcess } from "../client/peer-process.ts";
import { ownAddress } from "../scorecard/own-address.ts";
import type { FleetCounts, FleetNotes, FleetOrder } from "./fleet-peer.ts";

/** Few processes with many clients each. */
const PROCESSES = 2;
const PADDING_BYTES = 150;
/** A message that was on its way to a connection that broke comes again after 30 s. */
const ARRIVAL_DEADLINE_MS = 60_000;
const LOOK_EVERY_MS = 200;

/** How large. */
export interface FleetPlan {
  readonly clientCount: number;
  readonly listenerCount: number;
  readonly messagesPerSecond: number;
  /** A link before each node records every packet. It costs more than the clients do. */
  readonly isRecorded: boolean;
}

export class Fleet implements AsyncDisposable {
  readonly links: readonly Link[];
  readonly #peers: readonly PeerProcess<FleetOrder>[];

  private constructor(links: readonly Link[]) {
    this.links = links;
    this.#peers = Array.from({ length: PROCESSES }, () => new PeerProcess<FleetOrder>("../scale/fleet-peer.ts"));
  }

  /** Resolves when every client is connected and subscribed. */
  static async open(cluster: NatsCluster, plan: FleetPlan): Promise<Fleet> {
    const links: Link[] = [];
    for (const { target } of plan.isRecorded ? cluster.nodes : [])
      links.push(await openLink({ target, host: ownAddress() }));
    const fleet = new Fleet(links);
    try {
      await fleet.#connect(plan.isRecorded ? links.map(({ url }) => url) : cluster.urls, plan);
    } catch (error) {
      await fleet[Symbol.asyncDispose]();
      throw error;
    }
    return fleet;
  }

  async talk(): Promise<void> {
    await this.#all({ do: "talk" });
  }

  /** Ends the talk and waits until everything that can still arrive has arrived; closes all clients. */
  async finish(): Promise<FleetNotes> {
    await this.#all({ do: "finish" });
    await this.#arrive();
    const notes = await this.#all<FleetNotes>({ do: "close" });
    return {
      accepted: notes.flatMap(({ accepted }) => accepted),
      handled: notes.flatMap(({ handled }) => handled),
      declared: notes.flatMap(({ declared }) => declared),
      connections: notes.flatMap(({ connections }) => connections),
      refusedCount: sum(notes.map(({ refusedCount }) => refusedCount)),
      promises: {
        made: sum(notes.map(({ promises }) => promises.made)),
        settled: sum(notes.map(({ promises }) => promises.settled)),
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const peer of this.#peers) await peer[Symbol.asyncDispose]();
    for (const link of this.links) await link.close();
  }

  async #connect(urls: readonly string[], { clientCount, listenerCount, messagesPerSecond }: FleetPlan): Promise<void> {
    const numbers = Array.from({ length: clientCount }, (_, client) => client);
    const opened = this.#peers.map((peer, place) => {
      const clients = numbers.filter((number) => number % PROCESSES === place);
      const share = (messagesPerSecond * clients.length) / clientCount;
      const settings = { urls, clients, listenerCount, messagesPerSecond: share, paddingBytes: PADDING_BYTES };
      return peer.order({ do: "open", settings });
    });
    await Promise.all(opened);
  }

  /** Looks until as many handlers have started as messages were taken. What does not come is for the ledger to say. */
  async #arrive(): Promise<void> {
    const giveUpAtMs = performance.now() + ARRIVAL_DEADLINE_MS;
    while (performance.now() < giveUpAtMs) {
      const counts = await this.#all<FleetCounts>({ do: "count" });
      if (sum(counts.map(({ handled }) => handled)) >= sum(counts.map(({ accepted }) => accepted))) return;
      await sleep(LOOK_EVERY_MS);
    }
  }

  #all<T>(order: FleetOrder): Promise<readonly T[]> {
    return Promise.all(this.#peers.map((peer) => peer.order<T>(order)));
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
