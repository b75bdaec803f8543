import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { Aedes } from "aedes";
import { createWebSocketStream, WebSocketServer } from "ws";
import { gatekeeper, type RefusedPublish } from "./aedes-gatekeeper.ts";
import type { AedesStore } from "./aedes-store.ts";
import type { Broker, BrokerExit, BrokerUser } from "./broker.ts";
import { BrokerStartError } from "./errors.ts";
import { findFreePort } from "./port.ts";

/** A listener draws a port that was free a moment ago; each try draws another. */
const PORT_TRIES = 5;

/** How the embedded broker is started. */
export interface AedesOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Who may connect, and what he may do; default: anyone who reaches the listener, everything. */
  readonly users?: readonly BrokerUser[];
  /** Told of each message that its sender had no right to publish: nobody gets it, and MQTT 3.1.1 cannot tell the sender. */
  readonly onRefused?: (refused: RefusedPublish) => void;
  /** A second listener that speaks WebSocket; `"free"` takes a free port. */
  readonly websocketPort?: number | "free";
  /** Sessions and retained messages; one that outlives the broker makes a restart keep them. Default: a new one. */
  readonly store?: AedesStore;
}

/** An Aedes inside this process: MQTT 3.1.1 only, no shared subscriptions, everything in memory. */
export interface AedesBroker extends Broker {
  readonly kind: "aedes";
  readonly pid: undefined;
}

/**
 * Starts an Aedes inside this process and resolves when it accepts connections.
 *
 * @throws {BrokerStartError} when a given port is in use.
 */
export async function startAedes(options: AedesOptions = {}): Promise<AedesBroker> {
  const gate = { isDying: false };
  const { authenticate, authorizePublish, ...reading } = gatekeeper(options.users ?? [], options.onRefused);
  const aedes = await Aedes.createBroker({
    ...(options.store === undefined ? {} : { persistence: options.store }),
    ...(options.users === undefined ? {} : { authenticate }),
    ...reading,
    authorizePublish: (client, packet, done) => {
      // A killed broker publishes no last wills: the ones Aedes writes while it is torn down must not reach the store.
      if (gate.isDying) done(new Error("The broker was killed."));
      else authorizePublish(client, packet, done);
    },
  });
  const listeners: Listener[] = [];
  try {
    listeners.push(await listenTcp(aedes, options));
    if (options.websocketPort !== undefined) listeners.push(await listenWebsocket(aedes, options));
  } catch (error) {
    await closeAll(aedes, listeners);
    throw error;
  }
  return handle({ aedes, gate, listeners, host: options.host ?? "127.0.0.1" });
}

interface Parts {
  readonly aedes: Aedes;
  readonly gate: { isDying: boolean };
  readonly listeners: readonly Listener[];
  readonly host: string;
}

function handle({ aedes, gate, listeners, host }: Parts): AedesBroker {
  const [tcp, websocket] = listeners;
  if (tcp === undefined) throw new TypeError("A broker without a listener was handed over.");
  let announce: (exit: BrokerExit) => void = () => undefined;
  const exited = new Promise<BrokerExit>((resolve) => {
    announce = resolve;
  });
  let ending: Promise<void> | undefined;
  const end = async (isDying: boolean): Promise<BrokerExit> => {
    gate.isDying ||= isDying;
    ending ??= closeAll(aedes, listeners);
    await ending;
    announce({ requested: true, code: null, signal: gate.isDying ? "SIGKILL" : null, lastLines: [] });
    return exited;
  };
  return {
    kind: "aedes",
    url: `mqtt://${host}:${tcp.port}`,
    websocketUrl: websocket === undefined ? undefined : `ws://${host}:${websocket.port}/mqtt`,
    host,
    port: tcp.port,
    websocketPort: websocket?.port,
    pid: undefined,
    exited,
    stop: () => end(false),
    kill: () => end(true),
  };
}

interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

async function closeAll(aedes: Aedes, listeners: readonly Listener[]): Promise<void> {
  const closed = new Promise<void>((resolve) => aedes.close(() => resolve()));
  await Promise.all([closed, ...listeners.map((listener) => listener.close())]);
}

async function listenTcp(aedes: Aedes, { host, port }: AedesOptions): Promise<Listener> {
  return listen(() => createServer({ noDelay: true }, (socket) => void aedes.handle(socket)), host, port);
}

async function listenWebsocket(aedes: Aedes, { host, websocketPort }: AedesOptions): Promise<Listener> {
  const open = (): Server => {
    const http = createHttpServer({ noDelay: true });
    const websockets = new WebSocketServer({ server: http, handleProtocols: (offered) => [...offered][0] ?? false });
    websockets.on("connection", (socket, request) => void aedes.handle(createWebSocketStream(socket), request));
    return http;
  };
  return listen(open, host, websocketPort === "free" ? undefined : websocketPort);
}

/** Listens on the given port or on a free one, and remembers every socket, so that closing leaves none behind. */
async function listen(open: () => Server, host = "127.0.0.1", given?: number): Promise<Listener> {
  for (let attempt = 1; ; attempt += 1) {
    const port = given ?? (await findFreePort(host));
    const server = open();
    try {
      await bound(server, host, port);
    } catch (cause) {
      if (given === undefined && attempt < PORT_TRIES) continue;
      const message = `Port ${port} on ${host} cannot be listened on. Stop the program that does, or choose another port.`;
      throw new BrokerStartError("port_in_use", message, { cause });
    }
    return closable(server);
  }
}

function closable(server: Server): Listener {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const address = server.address() as AddressInfo; // a listening TCP server has one
  return {
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function bound(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
