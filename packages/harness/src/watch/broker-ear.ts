/** An ear on a test's broker: hears every message and shows it to the watch. Asks for nothing else, answers nothing. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import mqttPacket, { type IConnectPacket, type ISubscribePacket, type Packet } from "mqtt-packet";
import type { Certificates } from "../certificates.ts";
import { DEFAULT_DEADLINE_MS, within } from "../deadline.ts";
import { isWatching, lookAt } from "./suite-watch.ts";

/** Where it listens, and as whom. */
export interface EarOptions {
  readonly port: number;
  /** 5 tells of each message whether it is retained; Aedes speaks 4, and its store is read at the end. */
  readonly protocolVersion: 4 | 5;
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
  readonly certificates: Certificates | undefined;
}

/** It ends with its broker. */
export interface BrokerEar {
  /** Resolves when everything that the broker had taken in before the call was heard, or the broker is gone. */
  catchUp(): Promise<void>;
  /** Resolves when the broker has closed the connection, and everything that it said before was heard. */
  readonly ended: Promise<void>;
}

/** Resolves when it hears; also, deaf, when the broker lets it not in, as brokers with rights of their own may. */
export async function openBrokerEar(options: EarOptions): Promise<BrokerEar> {
  const socket = dial(options);
  const { protocolVersion } = options;
  const send = (packet: Packet): void => void socket.write(mqttPacket.generate(packet, { protocolVersion }));
  const gone = new AbortController();
  const answers = new EventTarget();
  const answer = async (cmd: Packet["cmd"]): Promise<void> => {
    if (gone.signal.aborted) return;
    await within(
      DEFAULT_DEADLINE_MS,
      Promise.race([once(answers, cmd), once(gone.signal, "abort")]),
      () => `${cmd} of the broker on port ${options.port}`,
    );
  };
  const parser = mqttPacket.parser({ protocolVersion });
  parser.on("packet", (packet: Packet) => {
    if (packet.cmd === "publish") hear(packet);
    else answers.dispatchEvent(new Event(packet.cmd));
  });
  socket.on("data", (chunk: Buffer) => void parser.parse(chunk));
  socket.on("error", () => undefined); // killing a broker is what tests do; its end is told by "close"
  const ended = new Promise<void>((resolve) => void socket.on("close", () => resolve()));
  void ended.then(() => gone.abort());

  send(connectPacket(options));
  await answer("connack");
  send(subscribePacket(protocolVersion));
  await answer("suback");
  return {
    catchUp: async () => {
      send({ cmd: "pingreq" });
      await answer("pingresp");
    },
    ended,
  };
}

function dial({ port, certificates }: EarOptions): Socket {
  if (certificates === undefined) return connectTcp({ host: "127.0.0.1", port, noDelay: true });
  const { caPem, clientCertFile, clientKeyFile } = certificates;
  const own = { cert: readFileSync(clientCertFile), key: readFileSync(clientKeyFile) };
  return connectTls({ host: "127.0.0.1", port, ca: caPem, ...own });
}

function connectPacket({ protocolVersion, credentials }: EarOptions): IConnectPacket {
  return {
    cmd: "connect",
    protocolId: "MQTT",
    protocolVersion,
    clean: true,
    clientId: `ear-${process.pid}-${performance.now().toString(36).replace(".", "")}`,
    keepalive: 0,
    ...(credentials && { username: credentials.username, password: Buffer.from(credentials.password) }),
  };
}

/** At QoS 0: an ear that is slow loses messages, and holds up nobody. */
function subscribePacket(protocolVersion: 4 | 5): ISubscribePacket {
  const retainAsPublished = protocolVersion === 5 ? { rap: true, nl: false, rh: 0 } : {};
  return { cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "#", qos: 0, ...retainAsPublished }] };
}

/** Shows a message to the watch. */
export function hear({ topic, payload, retain }: { topic: string; payload: string | Buffer; retain: boolean }): void {
  if (!isWatching()) return;
  const text = typeof payload === "string" ? payload : payload.toString("latin1");
  lookAt({ kind: retain ? "retained" : "message", where: topic, text });
}
