/** A fleet of clients on a cluster of three nodes, which are killed one after the other and started again. */
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type NatsCluster, type NatsNode, openNatsCluster, rawClient, within } from "@ts-tars/harness";
import { monotonicMs } from "../client/monotonic.ts";
import { type Dice, rollDice } from "../scorecard/dice.ts";
import { percentile } from "../scorecard/figures.ts";
import { watchLateness } from "../scorecard/lateness.ts";
import { describeJudged } from "../scorecard/ledger/ledger.ts";
import { ownAddress } from "../scorecard/own-address.ts";
import type { Victim } from "./command-line.ts";
import { Fleet, type FleetPlan } from "./fleet.ts";
import { recordsIn, recordsOf } from "./fleet-record.ts";
import { backTimes, type FleetFigures, judgeFleet, judgeNotes, undelivered } from "./judge-fleet.ts";

/** What a run is made of. */
export interface ScalePlan extends FleetPlan {
  readonly seed: number;
  readonly killCount: number;
  readonly victim: Victim;
  /** Told of each step. */
  readonly onStep: (line: string) => void;
}

/** One node that was killed, and what came of it. */
export interface KillReport {
  readonly node: string;
  /** What of all clients' it led: whoever needs that waits for an election among the others. */
  readonly led: readonly string[];
  /** Clients that lost a connection from then on until the next kill. */
  readonly lostConnection: number;
  readonly back_p50_ms: number;
  readonly back_p95_ms: number;
  readonly back_max_ms: number;
  /** Until each other node had taken a new client of MQTT.js with a session, and confirmed a message of it. */
  readonly cluster_away_ms: number;
  /** How long the last client took longer than that. */
  readonly back_beyond_cluster_ms: number;
}

export interface ScaleReport {
  readonly seed: number;
  readonly clients: number;
  readonly listeners: number;
  readonly messages_per_second: number;
  /** Whether each message was judged by a record of all packets. */
  readonly recorded: boolean;
  readonly kills: readonly KillReport[];
  readonly figures: FleetFigures;
  /** Messages that were not simply delivered, at most some of them, with what the record shows. */
  readonly exceptions: readonly string[];
  readonly lateness_p99_ms: number;
}

/** Traffic before the first kill, ms: all consumers of the cluster stand by then. */
const CALM_MS = 5_000;
/** How long a node is away, and how long it is there again before the next one goes, ms. */
const AWAY_MS = [12_000, 16_000] as const;
const BETWEEN_MS = [8_000, 12_000] as const;
/** A cluster that does not take a client for so long is given up, ms; elections took up to 37 s. */
const CLUSTER_DEADLINE_MS = 60_000;
const PROBE_EVERY_MS = 50;
const PROBE_DEADLINE_MS = 5_000;
/** Where there is such a folder the stores lie in memory: what is measured is no disk. */
const MEMORY_FOLDER = "/dev/shm";
const EXCEPTIONS_SHOWN = 20;

export async function runScale(plan: ScalePlan): Promise<ScaleReport> {
  const store = existsSync(MEMORY_FOLDER) ? { storeParent: MEMORY_FOLDER } : {};
  await using cluster = await openNatsCluster({ host: ownAddress(), ...store });
  plan.onStep(`cluster of ${cluster.nodes.length} nodes is up`);
  await using fleet = await Fleet.open(cluster, plan);
  plan.onStep(`${plan.clientCount} clients are connected`);
  const lateness = watchLateness();
  await fleet.talk();
  await sleep(CALM_MS);
  const kills = await killInTurn(cluster, plan);
  const endedAtMs = monotonicMs();
  plan.onStep("the talk ends; what is on its way arrives");
  const notes = await fleet.finish();
  const lateness_p99_ms = lateness.stop();
  const { clientCount, listenerCount, isRecorded } = plan;
  const records = isRecorded ? recordsOf(fleet.links) : recordsIn(notes.connections);
  const recording = { clientCount, listenerCount, notes, records };
  const backs = kills.map(({ atMs }, index) =>
    backTimes(recording.records.values(), { fromMs: atMs, toMs: kills[index + 1]?.atMs ?? endedAtMs }),
  );
  return {
    ...{ seed: plan.seed, clients: clientCount, listeners: listenerCount, messages_per_second: plan.messagesPerSecond },
    kills: kills.map((kill, index) => reportOf(kill, backs[index] ?? [])),
    recorded: isRecorded,
    figures: isRecorded ? judgeFleet(recording, backs.flat()) : judgeNotes(recording, backs.flat()),
    exceptions: isRecorded ? undelivered(recording).slice(0, EXCEPTIONS_SHOWN).map(describeJudged) : [],
    lateness_p99_ms,
  };
}

interface Kill {
  readonly node: string;
  readonly led: readonly string[];
  /** By `monotonicMs`. */
  readonly atMs: number;
  readonly clusterAwayMs: number;
}

/** The seed draws the order of the nodes and the pauses; who leads what is the cluster's own choice. */
async function killInTurn(cluster: NatsCluster, plan: ScalePlan): Promise<readonly Kill[]> {
  const dice: Dice = rollDice(plan.seed);
  const order = dice.shuffled(cluster.nodes);
  const kills: Kill[] = [];
  for (let count = 0; count < plan.killCount; count += 1) {
    const victim = await victimOf(cluster, { ...plan, order, count });
    if (victim === undefined) throw new RangeError("The cluster has no nodes.");
    kills.push(await killOne(cluster, victim, { awayMs: dice.between(AWAY_MS), onStep: plan.onStep }));
    await sleep(dice.between(BETWEEN_MS));
  }
  return kills;
}

async function victimOf(
  cluster: NatsCluster,
  { victim, order, count }: Pick<ScalePlan, "victim"> & { readonly order: readonly NatsNode[]; readonly count: number },
): Promise<NatsNode | undefined> {
  if (victim === "each") return order[count % order.length];
  if (victim === "leader") return await cluster.leaderOf("sessions");
  const leaders = [await cluster.leaderOf("messages"), await cluster.leaderOf("sessions")];
  return order.find((node) => !leaders.includes(node));
}

async function killOne(
  cluster: NatsCluster,
  victim: NatsNode,
  { awayMs, onStep }: Pick<ScalePlan, "onStep"> & { readonly awayMs: number },
): Promise<Kill> {
  const led = await ledBy(cluster, victim);
  const atMs = monotonicMs();
  await victim.kill();
  const others = cluster.nodes.filter((node) => node !== victim);
  const served = Promise.all(others.map(({ url }) => whenServed(url)));
  const [moments] = await Promise.all([served, sleep(awayMs)]);
  const clusterAwayMs = Math.max(...moments) - atMs;
  onStep(
    `${victim.name} was killed; it led ${led.join(" and ") || "nothing of MQTT"}; the others served after ${clusterAwayMs.toFixed(0)} ms`,
  );
  await victim.start();
  await victim.well();
  onStep(`${victim.name} is back`);
  return { node: victim.name, led, atMs, clusterAwayMs };
}

async function ledBy(cluster: NatsCluster, node: NatsNode): Promise<readonly string[]> {
  const led: string[] = [];
  for (const what of ["messages", "sessions"] as const) if ((await cluster.leaderOf(what)) === node) led.push(what);
  return led;
}

/**
 * The moment at which the node has taken a client that is not ours, and confirmed a message of it. While the cluster elects
 * who leads the messages or the sessions, a NATS server closes a connection 4 s after a PUBLISH or a CONNECT, without an answer.
 */
async function whenServed(url: string): Promise<number> {
  const giveUpAtMs = performance.now() + CLUSTER_DEADLINE_MS;
  while (performance.now() < giveUpAtMs) {
    try {
      await using visitor = await rawClient({ url, protocolVersion: 4, deadlineMs: PROBE_DEADLINE_MS });
      // Of a connection that ends meanwhile MQTT.js says nothing here.
      await within(PROBE_DEADLINE_MS, visitor.publish("scale/probe", ""));
      return monotonicMs();
    } catch {
      await sleep(PROBE_EVERY_MS);
    }
  }
  return Number.POSITIVE_INFINITY;
}

function reportOf({ node, led, clusterAwayMs }: Kill, backMs: readonly number[]): KillReport {
  const back_max_ms = backMs.length === 0 ? 0 : percentile(backMs, 100);
  return {
    ...{ node, led, lostConnection: backMs.length },
    ...{ back_p50_ms: percentile(backMs, 50), back_p95_ms: percentile(backMs, 95), back_max_ms },
    cluster_away_ms: clusterAwayMs,
    back_beyond_cluster_ms: Math.max(0, back_max_ms - clusterAwayMs),
  };
}
