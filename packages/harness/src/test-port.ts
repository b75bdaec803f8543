/**
 * Ports for listeners that keep theirs while they are down. Test files run beside each other, and what one draws at random may
 * be the port of another's broker that is just being restarted; so each worker of the suite draws from a slice of its own.
 */
import { BrokerStartError, findFreePort, type PortRange } from "@ts-tars/broker";

/** Below the ports that brokers outside of tests draw from, which the suite starts too. */
const LOWEST_PORT = 10_000;
const SLICE_SIZE = 500;
const SLICE_COUNT = 20;
/** Programs that are no workers of the suite share the first slice, and other programs may draw from any. */
const TRIES = 5;

/** The slice of a worker of the suite, by its number among those at work: from 1, absent elsewhere. */
export function sliceOf(worker: string | undefined): PortRange {
  const lowest = LOWEST_PORT + (Number(worker ?? 0) % SLICE_COUNT) * SLICE_SIZE;
  return { lowest, highest: lowest + SLICE_SIZE };
}

/** A port of our slice on which `host` could be listened on a moment ago. */
export function drawPort(host = "127.0.0.1"): Promise<number> {
  return findFreePort(host, sliceOf(process.env["VITEST_POOL_ID"]));
}

/** What `listen` resolves to on a port it is given; on another one when somebody was faster. */
export async function onFreePort<T>(listen: (port: number) => Promise<T>, host?: string): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await listen(await drawPort(host));
    } catch (error) {
      if (attempt === TRIES || !isInUse(error)) throw error;
    }
  }
}

function isInUse(error: unknown): boolean {
  if (error instanceof BrokerStartError) return error.reason === "port_in_use";
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}
