import { createServer, type Server, type Socket } from "node:net";
import { accepts } from "@ts-tars/broker";
import { until } from "../deadline.ts";
import type { Endpoint } from "../endpoint.ts";
import { onFreePort } from "../test-port.ts";

/** No test runs that long: a link waits for its dead target as long as the test does. */
const PROBE_DEADLINE_MS = 24 * 3_600_000;

/** A loopback port, free when first opened and the same ever after, that accepts or refuses. */
export class Listener {
  readonly host: string;
  readonly #onConnection: (socket: Socket) => void;
  #port: number | undefined;
  #server: Server | undefined;
  /** Grows with each wish, so that an older one notices that it no longer counts. */
  #wish = 0;

  constructor(host: string, onConnection: (socket: Socket) => void) {
    this.host = host;
    this.#onConnection = onConnection;
  }

  get port(): number {
    if (this.#port === undefined) throw new Error("The link was never opened.");
    return this.#port;
  }

  /** Listens; does nothing when it does. */
  async open(): Promise<void> {
    this.#wish += 1;
    if (this.#server !== undefined) return;
    if (this.#port !== undefined) await this.#listen(this.#port);
    else await onFreePort((port) => this.#listen(port), this.host);
  }

  /** Refuses from now on; does nothing when it does. */
  close(): void {
    this.#wish += 1;
    this.#server?.close();
    this.#server = undefined;
  }

  /** Refuses until the target accepts, or until it is opened or closed by someone else. */
  closeUntilAccepting(target: Endpoint): void {
    if (this.#server === undefined) return;
    this.close();
    this.#reopenWhenAccepting(target).catch((error: unknown) => {
      // Nobody waits for this; a link that cannot listen makes its test fail by what it then misses.
      process.emitWarning(`The link on port ${this.port} could not listen again: ${error}`);
    });
  }

  async #reopenWhenAccepting({ host, port }: Endpoint): Promise<void> {
    const wish = this.#wish;
    const isOver = (): boolean => wish !== this.#wish;
    await until(async () => isOver() || (await accepts(host, port)), { deadlineMs: PROBE_DEADLINE_MS });
    if (!isOver()) await this.#listen(this.port);
  }

  async #listen(port: number): Promise<void> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, this.#onConnection);
    this.#server = server;
    try {
      await listening(server, { host: this.host, port });
    } catch (error) {
      if (this.#server === server) this.#server = undefined;
      throw error;
    }
    this.#port = port;
  }
}

/** Resolves when it listens. @throws what it cannot for. */
export function listening(server: Server, endpoint: Endpoint): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(endpoint, resolve);
  });
}
