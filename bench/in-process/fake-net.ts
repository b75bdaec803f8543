import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import { type FakePeer, FakeSocket, type FakeSocketOptions } from "./fake-socket.ts";

/**
 * From now on every `net.connect` of this process opens a fake socket, for our client, for MQTT.js and for whatever either will
 * use of `net`: both dial as ever, and neither has to know. Only for a process that ends with the measurement.
 */
export function installFakeNet(openPeer: (socket: FakeSocket) => FakePeer): void {
  const connect = (options: FakeSocketOptions): FakeSocket => new FakeSocket(options, openPeer);
  Object.assign(net, { connect, createConnection: connect });
  syncBuiltinESMExports();
}
