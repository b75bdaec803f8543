import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Broker,
  type BrokerExit,
  type BrokerUser,
  createAedesStore,
  startAedes,
  startMosquitto,
} from "@ts-tars/broker";
import { type Certificates, createCertificates } from "./certificates.ts";
import type { Endpoint } from "./endpoint.ts";
import { drawPort, onFreePort } from "./test-port.ts";
import { type BrokerEar, hear, openBrokerEar } from "./watch/broker-ear.ts";
import { plantedSecret } from "./watch/planted.ts";
import { isWatching } from "./watch/suite-watch.ts";

/** Which broker, and in which variant. */
export interface TestBrokerOptions {
  /** Default `"mosquitto"`. Aedes speaks MQTT 3.1.1 only and cannot be paused. */
  readonly kind?: "mosquitto" | "aedes";
  /**
   * Sessions and retained messages survive `stop` or `kill` and `start`. Default false: a broker that is not ended, or ended for
   * good, needs no store, and Mosquitto writes all of it after each change, which costs a busy machine more than the test itself.
   */
  readonly persistence?: boolean;
  /** Generate certificates and listen with TLS; `"client_certificate"` also requires one of clients. Mosquitto only. */
  readonly tls?: boolean | "client_certificate";
  /** Nobody listens beside the test's own clients, also not for planted texts; for tests of who listens. Default false. */
  readonly unheard?: boolean;
  /** Generate a user and a password and require them. Default false. */
  readonly password?: boolean;
  /** Add a WebSocket listener. Default false. */
  readonly ws?: boolean;
  /** Mosquitto's `max_inflight_messages`, default 200. */
  readonly maxInflight?: number;
  /** Mosquitto's `max_queued_messages`, default 5 000. */
  readonly maxQueued?: number;
  readonly aclFile?: string;
  /** Further lines of `mosquitto.conf`. */
  readonly extraConfig?: readonly string[];
}

/** A real broker that a test starts, stops, kills, pauses and restarts. Its ports never change. */
export interface TestBroker extends AsyncDisposable {
  readonly kind: "mosquitto" | "aedes";
  /** Without credentials. */
  readonly url: string;
  readonly port: number;
  /** Where a link points to. */
  readonly target: Endpoint;
  /** Set with `ws`. */
  readonly websocketUrl: string | undefined;
  /** Set with `password`. */
  readonly credentials: BrokerUser | undefined;
  /** Set with `tls`. */
  readonly certificates: Certificates | undefined;
  readonly isRunning: boolean;
  /** The broker's process. @throws when it does not run or has none of its own. */
  readonly pid: number;
  /**
   * Starts it again after `stop` or `kill`, by default with what its store holds; without `persistence` that is nothing.
   * @throws when the same store is asked for and there is none.
   */
  start(options?: { readonly store?: "same" | "emptied" }): Promise<void>;
  /** SIGTERM; resolves when it has ended. */
  stop(): Promise<BrokerExit | undefined>;
  /** SIGKILL; resolves when it has ended. */
  kill(): Promise<BrokerExit | undefined>;
  /** SIGSTOP: connections stay open and nothing answers. Mosquitto only. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** `stop` (or `kill` before it) and `start`. */
  restart(options?: { readonly store?: "same" | "emptied"; readonly how?: "stop" | "kill" }): Promise<void>;
}

/**
 * Starts a broker on a free loopback port; resolves when it accepts connections. In tests, and not in measurements, the watch
 * for planted texts listens there (`BrokerEar`): one more client, subscribed to everything at QoS 0.
 */
export async function openBroker(options: TestBrokerOptions = {}): Promise<TestBroker> {
  const site = await openSite(options);
  const launch = keepingPorts(site, options);
  let running: Broker | undefined;
  let ear: BrokerEar | undefined;
  let isPaused = false;
  const start: TestBroker["start"] = async ({ store } = {}) => {
    if (running !== undefined) throw new Error("The broker runs already.");
    await prepareStore(store, { site, options });
    running = await launch();
    ear = options.unheard === true ? undefined : await listenTo(running, site);
  };
  const end = async (how: "stop" | "kill"): Promise<BrokerExit | undefined> => {
    const ending = running;
    running = undefined;
    isPaused = false;
    if (ending?.pid !== undefined) process.kill(ending.pid, "SIGCONT"); // a paused process does not hear SIGTERM
    const exit = await ending?.[how]();
    await ear?.ended;
    return exit;
  };
  await start();
  const first = requireRunning(running);
  const pid = (): number => requireProcess(requireRunning(running));
  return {
    kind: first.kind,
    url: first.url,
    port: first.port,
    target: { host: first.host, port: first.port },
    websocketUrl: first.websocketUrl,
    credentials: site.credentials,
    certificates: site.certificates,
    get isRunning() {
      return running !== undefined;
    },
    get pid() {
      return pid();
    },
    start,
    stop: () => end("stop"),
    kill: () => end("kill"),
    pause: () => {
      isPaused = process.kill(pid(), "SIGSTOP");
    },
    resume: () => {
      isPaused = !process.kill(pid(), "SIGCONT");
    },
    restart: async ({ how = "stop", ...kept } = {}) => {
      await end(how);
      await start(kept);
    },
    [Symbol.asyncDispose]: async () => {
      if (running !== undefined && !isPaused) await ear?.catchUp();
      await end("kill");
      await site.release();
    },
  };
}

/** Launches on free ports the first time, and on the same ones ever after. */
function keepingPorts(site: Site, options: TestBrokerOptions): () => Promise<Broker> {
  let again: (() => Promise<Broker>) | undefined;
  return () =>
    again?.() ??
    onFreePort(async (port) => {
      const launch = site.launcher({ port, websocketPort: options.ws === true ? await drawPort() : undefined });
      const broker = await launch();
      again = launch;
      return broker;
    });
}

async function prepareStore(
  store: "same" | "emptied" | undefined,
  { site, options }: { readonly site: Site; readonly options: TestBrokerOptions },
): Promise<void> {
  if (store === "same" && options.persistence !== true)
    throw new Error("This broker keeps nothing over its end; open it with `persistence: true`.");
  if (store === "emptied") await site.empty();
}

/** Undefined outside of the test suite. */
async function listenTo({ kind, port }: Broker, site: Site): Promise<BrokerEar | undefined> {
  return isWatching() ? openBrokerEar({ ...site, port, protocolVersion: kind === "aedes" ? 4 : 5 }) : undefined;
}

interface Ports {
  readonly port: number;
  readonly websocketPort: number | undefined;
}

/** What outlives a broker's process: its store, its users, its certificates. */
interface Site {
  readonly credentials: BrokerUser | undefined;
  readonly certificates: Certificates | undefined;
  launcher(ports: Ports): () => Promise<Broker>;
  empty(): Promise<void>;
  release(): Promise<void>;
}

async function openSite(options: TestBrokerOptions): Promise<Site> {
  const credentials = options.password === true ? { username: "tester", password: plantedSecret() } : undefined;
  return options.kind === "aedes" ? aedesSite(options, credentials) : mosquittoSite(options, credentials);
}

function aedesSite(options: TestBrokerOptions, credentials: BrokerUser | undefined): Site {
  if (options.tls) throw new Error("The embedded broker has no TLS; use Mosquitto.");
  let store = createAedesStore();
  return {
    credentials,
    certificates: undefined,
    launcher: (ports) => () => {
      if (options.persistence !== true) store = createAedesStore();
      return startAedes({ ...listeners(ports), store, ...(credentials && { users: [credentials] }) });
    },
    empty: async () => {
      store = createAedesStore();
    },
    // MQTT 3.1.1 does not say of a message that is heard live whether it is kept.
    release: async () => {
      for await (const packet of store.createRetainedStreamCombi(["#"])) hear(packet);
    },
  };
}

async function mosquittoSite(options: TestBrokerOptions, credentials: BrokerUser | undefined): Promise<Site> {
  const directory = await mkdtemp(join(tmpdir(), "ts-tars-test-broker-"));
  const certificates = options.tls ? await createCertificates() : undefined;
  return {
    credentials,
    certificates,
    launcher: (ports) => () =>
      startMosquitto({
        ...listeners(ports),
        directory,
        persistence: options.persistence ?? false,
        ...(credentials && { users: [credentials] }),
        ...(certificates && { tls: tlsOf(certificates, options) }),
        ...(options.maxInflight !== undefined && { maxInflightMessages: options.maxInflight }),
        ...(options.maxQueued !== undefined && { maxQueuedMessages: options.maxQueued }),
        ...(options.aclFile !== undefined && { aclFile: options.aclFile }),
        ...(options.extraConfig && { extraConfig: options.extraConfig }),
      }),
    empty: () => rm(join(directory, "mosquitto.db"), { force: true }),
    release: async () => {
      await certificates?.[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function listeners({ port, websocketPort }: Ports): { port: number; websocketPort?: number } {
  return websocketPort === undefined ? { port } : { port, websocketPort };
}

function tlsOf(certificates: Certificates, { tls }: TestBrokerOptions) {
  return {
    certFile: certificates.serverCertFile,
    keyFile: certificates.serverKeyFile,
    caFile: certificates.caFile,
    requireCertificate: tls === "client_certificate",
  };
}

function requireRunning(broker: Broker | undefined): Broker {
  if (broker === undefined) throw new Error("The broker does not run.");
  return broker;
}

function requireProcess({ pid, kind }: Broker): number {
  if (pid === undefined) throw new Error(`The ${kind} broker has no process of its own; put a link before it instead.`);
  return pid;
}
