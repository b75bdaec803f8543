import type { Socket } from "node:net";
import { until } from "../deadline.ts";
import type { Endpoint } from "../endpoint.ts";
import type { Recorder, WaitOptions } from "../recorder.ts";
import { type Connection, openConnection } from "./connection.ts";
import { openLedger } from "./ledger.ts";
import { Listener } from "./listener.ts";
import type { Direction, LinkConnection, LinkPacket } from "./record.ts";
import { Road } from "./road.ts";
import type { Interceptor } from "./verdict.ts";

/** Where a link leads. */
export interface LinkOptions {
  readonly target: Endpoint;
  /**
   * The loopback address to listen on, default 127.0.0.1. A link that is down for long beside other tests needs an address
   * of its own: on a shared one a stranger may draw the port meanwhile, and the clients would talk to that stranger.
   */
  readonly host?: string;
  /** Refuse connections while the target does, as a closed port would. Default true. */
  readonly mirrorsRefusal?: boolean;
}

/** Opens a link on a free loopback port. */
export async function openLink(options: LinkOptions): Promise<Link> {
  const link = new Link(options);
  await link.up();
  return link;
}

/**
 * The way from clients to their broker, with the faults a network has, and the record of every MQTT packet on it.
 *
 * A fault holds for existing and for new connections until it is taken back, alone or with `mend`.
 */
export class Link implements AsyncDisposable {
  readonly #options: LinkOptions;
  readonly #ledger = openLedger();
  readonly #roads = { up: new Road(), down: new Road() };
  readonly #views: LinkConnection[] = [];
  readonly #alive = new Set<Connection>();
  readonly #listener: Listener;
  #swallowsNew = false;

  /** Use `openLink`. */
  constructor(options: LinkOptions) {
    this.#options = options;
    this.#listener = new Listener(options.host ?? "127.0.0.1", (client) => this.#accept(client));
  }

  get host(): string {
    return this.#listener.host;
  }

  /** Stays the same through `down` and `up`. */
  get port(): number {
    return this.#listener.port;
  }

  /** `mqtt://host:port`. */
  get url(): string {
    return `mqtt://${this.host}:${this.port}`;
  }

  /** The record as a recorder: `take`, `until` and `takeThrough` wait for more. */
  get record(): Recorder<LinkPacket> {
    return this.#ledger.record;
  }

  /** Everything that arrived so far, in order. */
  packets(): readonly LinkPacket[] {
    return [...this.record.seen];
  }

  /** All connections ever accepted, oldest first. */
  connections(): readonly LinkConnection[] {
    return [...this.#views];
  }

  /** The first packet ever that satisfies `predicate`; each is looked at again when it has been forwarded. */
  seen(predicate: (packet: LinkPacket) => boolean, options?: WaitOptions): Promise<LinkPacket> {
    return this.record.until(predicate, options);
  }

  /** Lets `interceptor` decide on every packet; the returned function takes it off. */
  intercept(interceptor: Interceptor): () => void {
    return this.#ledger.intercept(interceptor);
  }

  /** Closes all connections now; new ones are accepted. */
  cut(): void {
    for (const connection of this.#alive) connection.cut("destroy");
  }

  /** Resets all connections now (RST); new ones are accepted. */
  reset(): void {
    for (const connection of this.#alive) connection.cut("reset");
  }

  /** Cuts, and refuses new connections. */
  down(): void {
    this.#listener.close();
    this.cut();
  }

  /** Accepts connections again, on the same port. */
  up(): Promise<void> {
    return this.#listener.open();
  }

  /** Nothing goes on: sockets stay open, buffers fill. Without a direction both. */
  stall(direction?: Direction): void {
    for (const each of directions(direction)) this.#roads[each].setStalled(true);
  }

  /** The end of `stall`: everything held goes on. */
  resume(direction?: Direction): void {
    for (const each of directions(direction)) this.#roads[each].setStalled(false);
  }

  /**
   * Existing connections die without a word and for good: what is sent is swallowed, and no end is told to the other
   * side. New ones pass, or with `"swallow"` share the fate until `mend`.
   */
  halfOpen(options: { readonly newConnections?: "pass" | "swallow" } = {}): void {
    this.#swallowsNew = options.newConnections === "swallow";
    for (const connection of this.#alive) connection.makeHalfOpen();
  }

  /** One-way delay of everything that comes from now on. */
  delay(delayMs: number, direction?: Direction): void {
    for (const each of directions(direction)) this.#roads[each].setDelay(delayMs);
  }

  /** Bandwidth of a direction, shared by all connections in turns. Without a direction each has so much. */
  throttle(bitsPerSecond: number, direction?: Direction): void {
    for (const each of directions(direction)) this.#roads[each].setRate(bitsPerSecond);
  }

  /** Lets `bytes` more pass in that direction, even if that is half a packet, then cuts. */
  truncate(bytes: number, direction: Direction = "up"): void {
    if (bytes <= 0) this.cut();
    else this.#roads[direction].setBudget({ bytes, onSpent: () => this.cut() });
  }

  /** Takes all faults back, and accepts connections; half-open ones stay dead. */
  mend(): Promise<void> {
    this.#swallowsNew = false;
    for (const each of directions()) {
      const road = this.#roads[each];
      road.setBudget(undefined);
      road.setRate(undefined);
      road.setDelay(0);
      road.setStalled(false);
    }
    return this.up();
  }

  /** Closes everything; the record stays. */
  async close(): Promise<void> {
    this.down();
    for (const each of directions()) this.#roads[each].close();
    await until(() => this.#alive.size === 0, { describe: () => `${this.#alive.size} connections did not close` });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #accept(client: Socket): void {
    const { target, mirrorsRefusal = true } = this.#options;
    const connection = openConnection(client, {
      id: this.#views.length + 1,
      target,
      roads: this.#roads,
      record: this.#ledger.note,
      onForwarded: this.record.touch,
      onTargetRefused: () => {
        if (mirrorsRefusal) this.#listener.closeUntilAccepting(target);
      },
      onClosed: () => this.#alive.delete(connection),
    });
    this.#views.push(connection.view);
    this.#alive.add(connection);
    if (this.#swallowsNew) connection.makeHalfOpen();
  }
}

function directions(only?: Direction): readonly Direction[] {
  return only === undefined ? ["up", "down"] : [only];
}
