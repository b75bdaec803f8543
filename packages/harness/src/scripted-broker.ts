import { createServer, type Socket } from "node:net";
import type { IConnackPacket, IConnectPacket, Packet, PacketCmd } from "mqtt-packet";
import { until } from "./deadline.ts";
import { encodePacket, parseFrame } from "./link/decode.ts";
import { frameSplitter } from "./link/frames.ts";
import { listening } from "./link/listener.ts";
import { type Recorder, recorder, type WaitOptions } from "./recorder.ts";
import { onFreePort } from "./test-port.ts";

/** What happens on one connection; a rejection fails the test when the broker is closed. */
export type Script = (peer: ScriptedPeer) => void | Promise<void>;

/** A peer that speaks MQTT exactly as told: refusals, silence and lies that no real broker offers. */
export interface ScriptedBroker extends AsyncDisposable {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Each connection, when it was accepted. */
  readonly peers: Recorder<ScriptedPeer>;
  /** Closes everything. @throws what a script threw. */
  close(): Promise<void>;
}

/** One connection, seen from the broker. */
export interface ScriptedPeer {
  /** Counts from 1. */
  readonly connection: number;
  /** Every packet of the client. */
  readonly packets: Recorder<Packet>;
  /** Of the CONNECT; 4 until it has come. */
  readonly protocolVersion: number;
  /** Resolves when the connection is closed, by whichever side. */
  readonly closed: Promise<void>;
  /** The next packet of this kind, passing over others. */
  expect<Cmd extends PacketCmd>(cmd: Cmd, options?: WaitOptions): Promise<Extract<Packet, { cmd: Cmd }>>;
  /** Waits for the CONNECT and answers it: accepted, unless `connack` says otherwise. */
  accept(connack?: Partial<Omit<IConnackPacket, "cmd">>): Promise<IConnectPacket>;
  send(packet: Packet): void;
  /** As they are, MQTT or not. */
  sendBytes(bytes: Uint8Array): void;
  /** Closes in order. */
  end(): void;
  /** Sends a RST. */
  reset(): void;
}

/** Listens on a free loopback port and runs `script` for each connection. */
export async function openScriptedBroker(script: Script): Promise<ScriptedBroker> {
  const host = "127.0.0.1";
  const peers = recorder<ScriptedPeer>(({ connection }) => `connection ${connection}`);
  const sockets = new Set<Socket>();
  const failures: unknown[] = [];
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    const peer = openPeer(socket, { connection: peers.seen.length + 1, onFault: (fault) => failures.push(fault) });
    peers.push(peer);
    run(script, peer).catch((error: unknown) => failures.push(error));
  });
  const port = await onFreePort(async (drawn) => {
    await listening(server, { host, port: drawn });
    return drawn;
  });
  const close = async (): Promise<void> => {
    server.close();
    for (const socket of sockets) socket.destroy();
    await until(() => sockets.size === 0);
    if (failures.length > 0) throw failures[0];
  };
  return { url: `mqtt://${host}:${port}`, host, port, peers, close, [Symbol.asyncDispose]: close };
}

async function run(script: Script, peer: ScriptedPeer): Promise<void> {
  await script(peer);
}

interface PeerDeps {
  readonly connection: number;
  readonly onFault: (fault: Error) => void;
}

function openPeer(socket: Socket, { connection, onFault }: PeerDeps): ScriptedPeer {
  const packets = recorder<Packet>();
  const splitter = frameSplitter();
  let protocolVersion = 4;
  socket.on("error", () => undefined); // the close that follows is what counts
  socket.on("data", (chunk: Buffer) => {
    for (const frame of splitter.push(chunk)) {
      const packet = parseFrame(frame, protocolVersion);
      if (packet === undefined) {
        onFault(new Error(`The client sent no valid MQTT: ${frame.toString("hex").slice(0, 200)}`));
        socket.destroy();
        return;
      }
      if (packet.cmd === "connect") protocolVersion = packet.protocolVersion ?? 4;
      packets.push(packet);
    }
  });
  const send = (packet: Packet): void => void socket.write(encodePacket(packet, protocolVersion));
  const expectPacket: ScriptedPeer["expect"] = async (cmd, options) => {
    const passed = await packets.takeThrough((packet) => packet.cmd === cmd, options);
    return passed.at(-1) as never; // takeThrough ends with the first packet of this cmd
  };
  return {
    connection,
    packets,
    get protocolVersion() {
      return protocolVersion;
    },
    closed: new Promise((resolve) => socket.once("close", () => resolve())),
    expect: expectPacket,
    accept: async (connack) => {
      const connect = await expectPacket("connect");
      const code = protocolVersion === 5 ? { reasonCode: 0 } : { returnCode: 0 };
      send({ cmd: "connack", sessionPresent: false, ...code, ...connack });
      return connect;
    },
    send,
    sendBytes: (bytes) => void socket.write(bytes),
    end: () => void socket.end(),
    reset: () => void socket.resetAndDestroy(),
  };
}
