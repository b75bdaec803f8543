/**
 * A cluster of an existing broker on this machine: NATS servers with MQTT 3.1.1, as their packages bring them.
 *
 * What such a broker does that Mosquitto does not: a QoS 1 message is confirmed when most of the nodes have it, and what
 * was delivered and not acknowledged comes again after 30 s, behind later messages of its publisher.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rawClient } from "../raw-client.ts";
import { drawPort } from "../test-port.ts";
import type { NatsPorts } from "./nats-config.ts";
import { NatsNode } from "./nats-node.ts";

/** How many nodes, and where. */
export interface NatsClusterOptions {
  /** Default 3. */
  readonly nodeCount?: number;
  /** Default 127.0.0.1; whoever kills nodes for long takes an address that no other process uses. */
  readonly host?: string;
  /** Where the stores lie, default the system's temporary directory; one in memory spares the disk. */
  readonly storeParent?: string;
}

/** Its nodes, in the order of their names. */
export interface NatsCluster extends AsyncDisposable {
  readonly nodes: readonly NatsNode[];
  /** Of every node, for MQTT. */
  readonly urls: readonly string[];
  /** The node that leads what all need: the messages at QoS 1, the sessions. Whoever kills it waits for an election. */
  leaderOf(what: "messages" | "sessions"): Promise<NatsNode | undefined>;
}

const STREAMS = { messages: "$MQTT_msgs", sessions: "$MQTT_sess" } as const;
/** Another process may take a port between the look and the start. */
const PORT_TRIES = 3;
/** The first client of all waits until the streams of MQTT stand, which are elected for one by one. */
const FIRST_CLIENT_MS = 40_000;

/** Starts a cluster and resolves when each node takes clients. @throws when `nats-server` is not installed. */
export async function openNatsCluster(options: NatsClusterOptions = {}): Promise<NatsCluster> {
  for (let tried = 1; ; tried += 1) {
    const cluster = await drawCluster(options);
    try {
      await Promise.all(cluster.nodes.map((node) => node.start()));
      await Promise.all(cluster.nodes.map((node) => node.well()));
      for (const url of cluster.urls) await letIn(url);
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      if (tried >= PORT_TRIES || !String(error).includes("address already in use")) throw error;
    }
  }
}

async function drawCluster({ nodeCount = 3, host = "127.0.0.1", storeParent = tmpdir() }: NatsClusterOptions) {
  const directory = await mkdtemp(join(tmpdir(), "ts-tars-nats-"));
  const stores = await mkdtemp(join(storeParent, "ts-tars-nats-store-"));
  const ports: NatsPorts[] = [];
  while (ports.length < nodeCount) ports.push(await drawPorts(host));
  const nodes = ports.map((own, index) => {
    const name = `node-${index + 1}`;
    const clusterPorts = ports.map(({ cluster }) => cluster);
    const [storeDirectory, logFile] = [join(stores, name), join(directory, `${name}.log`)];
    return new NatsNode({ name, host, ports: own, clusterPorts, storeDirectory, logFile }, directory);
  });
  return {
    nodes,
    urls: nodes.map(({ url }) => url),
    leaderOf: (what: keyof typeof STREAMS) => leaderOf(nodes, STREAMS[what]),
    [Symbol.asyncDispose]: async () => {
      for (const node of nodes) await node.kill();
      await Promise.all([directory, stores].map((path) => rm(path, { recursive: true, force: true })));
    },
  };
}

async function drawPorts(host: string): Promise<NatsPorts> {
  const [mqtt, client, cluster, monitor] = [
    await drawPort(host),
    await drawPort(host),
    await drawPort(host),
    await drawPort(host),
  ];
  return { mqtt, client, cluster, monitor };
}

/** A client that comes and goes: the node has everything that it needs for one. */
async function letIn(url: string): Promise<void> {
  const visitor = await rawClient({ url, protocolVersion: 4, deadlineMs: FIRST_CLIENT_MS });
  await visitor.end();
}

/** What a node's figures say of the streams of MQTT; of a server, so nothing is certain. */
interface StreamFigures {
  readonly account_details?: readonly {
    readonly stream_detail?: readonly { readonly name?: string; readonly cluster?: { readonly leader?: string } }[];
  }[];
}

async function leaderOf(nodes: readonly NatsNode[], stream: string): Promise<NatsNode | undefined> {
  const asked = nodes.find(({ isRunning }) => isRunning);
  const figures = (await asked?.ask("jsz?accounts=true&streams=true")) as StreamFigures | undefined; // only optional members are read
  const details = figures?.account_details?.flatMap(({ stream_detail = [] }) => stream_detail) ?? [];
  const leader = details.find(({ name }) => name === stream)?.cluster?.leader;
  return nodes.find(({ name }) => name === leader);
}
