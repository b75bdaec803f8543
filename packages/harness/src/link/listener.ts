import { createServer, type Server, type Socket } from "node:net";
import { accepts, findFreePort } from "@ts-tars/broker";
import { until } from "../deadline.ts";
import type { Endpoint } from "../endpoint.ts";

/** A port that accepts or refuses. */
export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Listens; does nothing when it does. */
  open(): Promise<void>;
  /** Refuses from now on; does nothing when it does. */
  close(): void;
  /** Refuses until the target accepts, unless it is closed before. */
  closeUntilAccepting(target: Endpoint): void;
}

/** A probe of a dead target, so often; it decides how late its return is noticed. */
const PROBE_DEADLINE_MS = 24 * 3_600_000;

/** Listens on a free loopback port, and only there ever after. */
export async function openListener(onConnection: (socket: Socket) => void): Promise<Listener> {
  const host = "127.0.0.1";
  const port = await findFreePort(host);
  let server: Server | undefined;
  /** Grows with each wish, so that an older one notices that it no longer counts. */
  let wish = 0;

  async function listen(): Promise<void> {
    const opening = createServer({ allowHalfOpen: true, noDelay: true }, onConnection);
    server = opening;
    await new Promise<void>((resolve, reject) => {
      opening.once("error", reject);
      opening.listen({ host, port }, resolve);
    });
  }

  function refuse(): void {
    wish += 1;
    server?.close();
    server = undefined;
  }

  async function reopenWhenAccepting(target: Endpoint): Promise<void> {
    refuse();
    const mine = wish;
    await until(async () => mine !== wish || (await accepts(target.host, target.port)), {
      deadlineMs: PROBE_DEADLINE_MS,
    });
    if (mine === wish) await listen();
  }

  await listen();
  return {
    host,
    port,
    open: async () => {
      wish += 1;
      if (server === undefined) await listen();
    },
    close: refuse,
    closeUntilAccepting: (target) => {
      if (server === undefined) return;
      reopenWhenAccepting(target).catch((error: unknown) => {
        // Nobody waits for this; a link that cannot listen makes its test fail by what it then misses.
        process.emitWarning(`The link on port ${port} could not listen again: ${error}`);
      });
    },
  };
}
