import { connect, type Socket } from "node:net";
import { type Clock, elapsed, whenAborted } from "@ts-tars/service";
import type { AudioSource } from "../audio-source.ts";
import { AudioSourceError } from "../errors.ts";
import { FanoutReader } from "../fanout/fanout-protocol.ts";
import { reconnectDelayMs } from "../fanout/reconnect-delay.ts";
import type { AudioFrame } from "../frame.ts";
import { FrameQueue } from "../frame-queue.ts";
import { Framer } from "../pcm/framer.ts";

/** Whose sound is heard. */
export interface FanoutSourceOptions {
  /** The socket of fan-out v2. */
  readonly path: string;
  readonly clock: Clock;
  /** Told when nobody shares sound there, or not in our way, each time it was tried; it is tried again by itself. */
  readonly onDown?: (error: AudioSourceError, retry: { readonly retryInMs: number }) => void;
  /** A draw from [0, 1); for tests. */
  readonly random?: () => number;
}

/**
 * What another service on this machine shares of its microphone, fan-out v2. An opening waits until there is a capture, with a
 * growing pause between attempts while nobody answers, and ends with that capture; the next one joins the next.
 */
export function openFanoutSource({ path, clock, onDown, random = Math.random }: FanoutSourceOptions): AudioSource {
  let failureCount = 0;
  const pause = (cause: Error, signal: AbortSignal): Promise<void> => {
    const retryInMs = reconnectDelayMs(failureCount, random());
    failureCount += 1;
    const remedy = "It is tried again by itself; stt-worker shares the microphone there while it runs.";
    onDown?.(new AudioSourceError(`No sound is shared at ${path}: ${cause.message}`, { remedy, cause }), { retryInMs });
    return elapsed(retryInMs, { clock, signal });
  };
  return {
    name: "fanout",
    label: path,
    frames: async function* (signal): AsyncGenerator<AudioFrame, void, undefined> {
      while (!signal.aborted) {
        const queue = new FrameQueue();
        using _aborting = whenAborted(signal, () => queue.leave());
        const hearing = new Hearing(connect(path), queue);
        let hasBegun = false;
        try {
          for await (const frame of queue.read()) {
            hasBegun = true;
            failureCount = 0;
            yield frame;
          }
        } finally {
          hearing.leave();
        }
        if (hasBegun || signal.aborted) return;
        await pause(hearing.trouble ?? new Error("the connection ended before there was any"), signal);
      }
    },
  };
}

/** One connection, from its beginning to its end. */
class Hearing {
  readonly #socket: Socket;
  readonly #reader = new FanoutReader();
  readonly #queue: FrameQueue;
  #framer: Framer | undefined;
  #trouble: Error | undefined;

  constructor(socket: Socket, queue: FrameQueue) {
    this.#socket = socket;
    this.#queue = queue;
    socket.on("data", (bytes) => this.#take(bytes));
    socket.once("error", (error) => {
      this.#trouble ??= error;
    });
    socket.once("close", () => this.#end());
  }

  /** Why there is no sound; undefined when it simply ended. */
  get trouble(): Error | undefined {
    return this.#trouble;
  }

  leave(): void {
    this.#socket.destroy();
  }

  #take(bytes: Uint8Array): void {
    try {
      for (const { sample, pcm } of this.#reader.push(bytes)) {
        this.#framer ??= new Framer(this.#reader.head?.captureId ?? "");
        for (const frame of this.#framer.push(pcm, sample)) this.#queue.push(frame);
      }
    } catch (error) {
      this.#trouble = error instanceof Error ? error : new Error(String(error));
      this.#socket.destroy();
    }
  }

  #end(): void {
    const last = this.#framer?.flush();
    if (last !== undefined) this.#queue.push(last);
    this.#queue.end();
  }
}
