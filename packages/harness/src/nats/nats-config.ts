/** The configuration file of one node of a cluster of NATS servers. Pure. */

/** Where a node listens; all on one loopback address. */
export interface NatsPorts {
  readonly mqtt: number;
  /** For its own protocol, which the server cannot be without. */
  readonly client: number;
  /** For the other nodes. */
  readonly cluster: number;
  /** For its figures over HTTP. */
  readonly monitor: number;
}

/** A node and those that it is to find. */
export interface NatsPlan {
  readonly name: string;
  readonly host: string;
  readonly ports: NatsPorts;
  /** Of every node, its own included. */
  readonly clusterPorts: readonly number[];
  /** Holds what JetStream keeps: with MQTT that is everything at QoS 1, sessions and retained messages. */
  readonly storeDirectory: string;
  readonly logFile: string;
}

/** Far over what a run of a few minutes keeps; without these the server takes its share of the machine. */
const MEMORY_MAX = "256MB";
const STORE_MAX = "1GB";

/** Its text. How many copies there are of everything the server chooses by itself: of three nodes each has one. */
export function renderNatsConfig(plan: NatsPlan): string {
  const { name, host, ports, clusterPorts, storeDirectory, logFile } = plan;
  const routes = clusterPorts.map((port) => JSON.stringify(`nats-route://${host}:${port}`)).join(", ");
  return `server_name: ${JSON.stringify(name)}
listen: "${host}:${ports.client}"
http: "${host}:${ports.monitor}"
log_file: ${JSON.stringify(logFile)}
jetstream { store_dir: ${JSON.stringify(storeDirectory)}, max_memory_store: ${MEMORY_MAX}, max_file_store: ${STORE_MAX} }
mqtt { listen: "${host}:${ports.mqtt}" }
cluster { name: "ts-tars", listen: "${host}:${ports.cluster}", routes: [${routes}] }
`;
}
