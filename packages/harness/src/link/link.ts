import { until } from "../deadline.ts";
import type { Endpoint } from "../endpoint.ts";
import { type Recorder, recorder, type WaitOptions } from "../recorder.ts";
import { type Connection, openConnection } from "./connection.ts";
import { describePacket } from "./describe.ts";
import { openListener } from "./listener.ts";
import type { Direction, Draft, LinkConnection, LinkPacket } from "./record.ts";
import { openRoad, type Road } from "./road.ts";
import type { Arrival } from "./side.ts";
import type { Interceptor, Verdict } from "./verdict.ts";

/** Where a link leads. */
export interface LinkOptions {
  readonly target: Endpoint;
  /** Refuse connections while the target does, as a closed port would. Default true. */
  readonly mirrorsRefusal?: boolean;
}

/**
 * A TCP connection's way from client to broker, with every fault a network has, and the record of every MQTT packet.
 *
 * A fault holds for existing and for new connections until it is taken back, alone or with `mend`.
 */
export interface Link extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** `mqtt://host:port`. */
  readonly url: string;
  /** The record: everything that arrived, in order; `record.until`, `record.take` wait for more. */
  readonly record: Recorder<LinkPacket>;
  /** The record so far. */
  packets(): readonly LinkPacket[];
  /** All connections ever accepted, oldest first. */
  connections(): readonly LinkConnection[];
  /** The first packet ever that satisfies `predicate`; looked at again when a packet has been forwarded. */
  seen(predicate: (packet: LinkPacket) => boolean, options?: WaitOptions): Promise<LinkPacket>;
  /** Lets `interceptor` decide on every packet; the returned function takes it off. */
  intercept(interceptor: Interceptor): () => void;

  /** Closes all connections now; new ones are accepted. */
  cut(): void;
  /** Resets all connections now (RST); new ones are accepted. */
  reset(): void;
  /** Cuts, and refuses new connections. */
  down(): void;
  /** Accepts connections again, on the same port. */
  up(): Promise<void>;
  /** Takes no more bytes: sockets stay open, buffers fill. Without a direction both. */
  stall(direction?: Direction): void;
  /** The end of `stall`: everything held goes on. */
  resume(): void;
  /** Existing connections die without a word, for good: nothing passes, nobody is told. New ones pass, or share the fate. */
  halfOpen(options?: { readonly newConnections?: "pass" | "swallow" }): void;
  /** One-way delay of every byte. */
  delay(delayMs: number): void;
  /** Bandwidth of each direction, shared by all connections in turns. */
  throttle(bitsPerSecond: number): void;
  /** Lets `bytes` more pass in that direction, also if that is half a packet, then cuts. */
  truncate(bytes: number, direction?: Direction): void;
  /** Takes all faults back; half-open connections stay dead. */
  mend(): Promise<void>;
  /** Closes everything and forgets nothing. */
  close(): Promise<void>;
}

/** Opens a link on a free loopback port. */
export async function openLink(options: LinkOptions): Promise<Link> {
  const { target, mirrorsRefusal = true } = options;
  const ledger = openLedger();
  const roads = { up: openRoad("up"), down: openRoad("down") };
  const views: LinkConnection[] = [];
  const alive = new Set<Connection>();
  let swallowsNew = false;

  const listener = await openListener((client) => {
    const connection = openConnection(client, {
      id: views.length + 1,
      target,
      roads,
      record: ledger.note,
      onForwarded: ledger.record.touch,
      onTargetRefused: () => {
        if (mirrorsRefusal) listener.closeUntilAccepting(target);
      },
      onClosed: () => void alive.delete(connection),
    });
    views.push(connection.view);
    alive.add(connection);
    if (swallowsNew) connection.makeHalfOpen();
  });

  const cut = (how: "destroy" | "reset"): void => {
    for (const connection of alive) connection.cut(how);
  };
  const setStalled = (isStalled: boolean, direction?: Direction): void => {
    for (const each of DIRECTIONS) if (direction === undefined || direction === each) roads[each].setStalled(isStalled);
  };
  const close = async (): Promise<void> => {
    listener.close();
    cut("destroy");
    for (const each of DIRECTIONS) roads[each].close();
    await until(() => alive.size === 0, { describe: () => `${alive.size} connections of the link did not close` });
  };
  return {
    host: listener.host,
    port: listener.port,
    url: `mqtt://${listener.host}:${listener.port}`,
    record: ledger.record,
    packets: () => [...ledger.record.seen],
    connections: () => [...views],
    seen: (predicate, wait) => ledger.record.until(predicate, wait),
    intercept: ledger.intercept,
    cut: () => cut("destroy"),
    reset: () => cut("reset"),
    down: () => {
      listener.close();
      cut("destroy");
    },
    up: listener.open,
    stall: (direction) => setStalled(true, direction),
    resume: () => setStalled(false),
    halfOpen: ({ newConnections = "pass" } = {}) => {
      swallowsNew = newConnections === "swallow";
      for (const connection of alive) connection.makeHalfOpen();
    },
    delay: (delayMs) => {
      for (const each of DIRECTIONS) roads[each].setDelay(delayMs);
    },
    throttle: (bitsPerSecond) => {
      for (const each of DIRECTIONS) roads[each].setRate(bitsPerSecond);
    },
    truncate: (bytes, direction = "up") => truncate(roads[direction], bytes, () => cut("destroy")),
    mend: async () => {
      swallowsNew = false;
      for (const each of DIRECTIONS) clearFaults(roads[each]);
      await listener.open();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const DIRECTIONS = ["up", "down"] as const;

function clearFaults(road: Road): void {
  road.setBudget(undefined);
  road.setRate(undefined);
  road.setDelay(0);
  road.setStalled(false);
}

function truncate(road: Road, bytes: number, cut: () => void): void {
  if (bytes <= 0) cut();
  else road.setBudget({ bytes, onSpent: cut });
}

interface Ledger {
  readonly record: Recorder<LinkPacket>;
  note(arrival: Arrival): { readonly record: Draft<LinkPacket>; readonly verdict: Verdict };
  intercept(interceptor: Interceptor): () => void;
}

/** The record, and whoever decides about what is in it. */
function openLedger(): Ledger {
  const record = recorder<LinkPacket>(describePacket);
  const interceptors = new Set<Interceptor>();
  return {
    record,
    note: (arrival) => {
      const draft: Draft<LinkPacket> = {
        ...arrival,
        index: record.seen.length,
        atMs: performance.now(),
        verdict: "forward",
        sentBytes: arrival.bytes.length,
        forwardedBytes: 0,
        forwarded: false,
        forwardedAtMs: undefined,
      };
      const verdict = decide(interceptors, draft);
      draft.verdict = typeof verdict === "string" ? verdict : "replace";
      record.push(draft);
      return { record: draft, verdict };
    },
    intercept: (interceptor) => {
      interceptors.add(interceptor);
      return () => void interceptors.delete(interceptor);
    },
  };
}

/** The first interceptor with an opinion decides. */
function decide(interceptors: ReadonlySet<Interceptor>, packet: LinkPacket): Verdict {
  for (const interceptor of interceptors) {
    const verdict = interceptor(packet);
    if (verdict !== undefined) return verdict;
  }
  return "forward";
}
