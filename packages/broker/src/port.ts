import { randomInt } from "node:crypto";
import { connect, createServer } from "node:net";

/** From `lowest` to `highest`, without the latter. */
export interface PortRange {
  readonly lowest: number;
  readonly highest: number;
}

/**
 * Below the ephemeral ranges of Linux (32768…), macOS and Windows (49152…), so that no outgoing connection of another
 * process takes the port while its broker is being restarted.
 */
const BELOW_EPHEMERAL: PortRange = { lowest: 20_000, highest: 32_000 };
const TRIES = 50;

/** A port on which `host` could be listened on a moment ago; another process may still be faster. */
export async function findFreePort(host = "127.0.0.1", range: PortRange = BELOW_EPHEMERAL): Promise<number> {
  const { lowest, highest } = range;
  for (let tried = 0; tried < TRIES; tried += 1) {
    const port = randomInt(lowest, highest);
    if (await isFree(host, port)) return port;
  }
  throw new Error(`No free port was found on ${host} in ${TRIES} tries between ${lowest} and ${highest}.`);
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Whether something accepts TCP connections there right now. */
export function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** PINGREQs before any CONNECT, and as many bytes as a TLS record's header has: no server lets that pass. */
const PROVOCATION = Uint8Array.of(0xc0, 0x00, 0xc0, 0x00, 0xc0, 0x00);

/**
 * Whether a program is at work behind the port: it accepts a connection and reacts to what it gets, be it by closing.
 * A listener's kernel accepts connections long before its program looks at them.
 */
export function reacts(host: string, port: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (isReacting: boolean): void => {
      signal.removeEventListener("abort", giveUp);
      socket.destroy();
      resolve(isReacting);
    };
    const giveUp = (): void => settle(false);
    let isConnected = false;
    signal.addEventListener("abort", giveUp, { once: true });
    socket.once("connect", () => {
      isConnected = true;
      socket.write(PROVOCATION);
    });
    socket.once("data", () => settle(true));
    socket.once("end", () => settle(true));
    // A reset after the connection stood is a reaction too.
    socket.once("error", () => settle(isConnected));
  });
}
