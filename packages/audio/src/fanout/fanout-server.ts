import { createServer, type Server, type Socket } from "node:net";
import type { Log } from "@ts-tars/mqtt";
import type { AudioFrame } from "../frame.ts";
import { bytesOf } from "../pcm/sample-bytes.ts";
import { encodeChunk, encodeHead } from "./fanout-protocol.ts";
import { Listener } from "./listener.ts";
import { listenAt } from "./socket-file.ts";

/** Where sound is shared. */
export interface FanoutOptions {
  /** The socket of fan-out v2. */
  readonly path: string;
  /** The raw socket of the reference, v1: samples and nothing else. Default: none. */
  readonly rawPath?: string;
  readonly log: Log;
}

/** How many hear it, and what they missed. */
export interface FanoutFigures {
  readonly clientCount: number;
  /** Chunks that slow clients did not get, since it was opened. */
  readonly droppedCount: number;
  /** Clients that were given up because they took nothing. */
  readonly givenUpCount: number;
  /** Chunks on their way to clients. */
  readonly waitingCount: number;
}

/** Shares one microphone with everybody on this machine who may read its socket. */
export interface Fanout extends AsyncDisposable {
  readonly figures: FanoutFigures;
  /** Tells a frame to all; one of another capture begins new connections for it. */
  push(frame: AudioFrame): void;
  /** The capture is over, and nothing is told until another one begins. */
  endCapture(): void;
  /** Ends the capture, and keeps back what waits for slow clients: nothing more of it may be heard. */
  silence(): void;
}

/**
 * Opens the sockets and resolves when both accept clients.
 *
 * @throws {AudioSinkError} when a path cannot be used; the message says why.
 */
export async function openFanout({ path, rawPath, log }: FanoutOptions): Promise<Fanout> {
  const fanout = new FanoutServer(log);
  try {
    await listenAt(fanout.framed, path);
    if (rawPath !== undefined) await listenAt(fanout.raw, rawPath);
  } catch (error) {
    await fanout[Symbol.asyncDispose]();
    throw error;
  }
  return fanout;
}

/** On each socket; whoever comes beyond is turned away. */
const CLIENTS_MAX = 64;

class FanoutServer implements Fanout {
  readonly framed: Server;
  readonly raw: Server;
  readonly #log: Log;
  /** Those that are told numbers; until its head is sent a client waits for a frame. */
  readonly #framedClients = new Map<Listener, "waiting" | "told">();
  readonly #rawClients = new Set<Listener>();
  /** Their capture is over, and they have not taken all of it. */
  readonly #endingClients = new Set<Listener>();
  #captureId: string | undefined;
  #droppedCount = 0;
  #givenUpCount = 0;

  constructor(log: Log) {
    this.#log = log;
    this.framed = createServer((socket) => void this.#framedClients.set(this.#welcome(socket), "waiting"));
    this.raw = createServer((socket) => void this.#rawClients.add(this.#welcome(socket)));
    for (const server of [this.framed, this.raw]) {
      server.maxConnections = CLIENTS_MAX;
      // A client that cannot be accepted (too many files open) tries again.
      server.on("error", (error) => this.#log.warn({ err: error }, "a listener could not be accepted"));
    }
  }

  get figures(): FanoutFigures {
    const clients = this.#clients();
    const sum = (of: (client: Listener) => number): number => clients.reduce((total, client) => total + of(client), 0);
    return {
      clientCount: clients.length,
      droppedCount: this.#droppedCount + sum(({ droppedCount }) => droppedCount),
      givenUpCount: this.#givenUpCount,
      waitingCount: sum(({ waitingCount }) => waitingCount),
    };
  }

  push({ captureId, sample, pcm }: AudioFrame): void {
    if (captureId !== this.#captureId) this.endCapture();
    this.#captureId = captureId;
    if (this.#framedClients.size > 0) {
      const chunk = encodeChunk({ sample, pcm });
      for (const [client, stage] of this.#framedClients) {
        if (stage === "waiting") client.push(encodeHead({ captureId, sample }));
        this.#framedClients.set(client, "told");
        this.#give(client, chunk);
      }
    }
    if (this.#rawClients.size === 0) return;
    const bytes = bytesOf(pcm);
    for (const client of this.#rawClients) this.#give(client, bytes);
  }

  endCapture(): void {
    this.#captureId = undefined;
    // Who has not taken the end of one capture by the end of the next takes nothing.
    for (const client of this.#endingClients) client.destroy();
    for (const [client, stage] of this.#framedClients) {
      // Who waits already waits for the next one.
      if (stage === "waiting") continue;
      this.#framedClients.delete(client);
      this.#endingClients.add(client);
      client.end();
    }
  }

  silence(): void {
    for (const client of this.#clients()) client.forget();
    this.endCapture();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = [this.framed, this.raw].map(close);
    for (const client of this.#clients()) client.destroy();
    await Promise.all(closed);
  }

  #clients(): readonly Listener[] {
    return [...this.#framedClients.keys(), ...this.#rawClients, ...this.#endingClients];
  }

  #welcome(socket: Socket): Listener {
    const client = new Listener(socket, () => {
      this.#droppedCount += client.droppedCount;
      this.#framedClients.delete(client);
      this.#rawClients.delete(client);
      this.#endingClients.delete(client);
    });
    return client;
  }

  #give(client: Listener, chunk: Uint8Array): void {
    if (client.push(chunk)) return;
    this.#givenUpCount += 1;
    this.#log.warn({ dropped: client.droppedCount }, "a listener takes nothing and was disconnected");
    // Its socket is closed a moment later, and must not be given up twice.
    this.#framedClients.delete(client);
    this.#rawClients.delete(client);
    this.#endingClients.add(client);
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // Not listening is closed as well.
    server.close(() => resolve());
  });
}
