/**
 * One subscription's work: serial per key, parallel across keys.
 *
 * 1. Jobs of one key start in the order they were enqueued, each after the one before has ended.
 * 2. At most `concurrency` keys run, and the client's gate must let each in.
 * 3. With `maxWaiting`, the oldest waiting job of a key is dropped for a new one.
 */
import { Fifo } from "../fifo.ts";
import type { Gate } from "./gate.ts";

export interface Job {
  /** Occupies its key until it resolves; never rejects. */
  readonly run: () => Promise<void> | void;
  /** It will never run. */
  readonly dropped: () => void;
}

interface Lane {
  readonly key: string;
  readonly waiting: Fifo<Job>;
}

export interface LaneOptions {
  readonly concurrency: number;
  readonly gate: Gate | undefined;
  readonly maxWaiting: number;
}

export class Lanes {
  readonly #options: LaneOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #ready = new Fifo<Lane>();
  #starting = false;
  #running = 0;
  #stopped = false;
  #idle: (() => void)[] = [];
  readonly #retry = (): void => this.#start();

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  enqueue(key: string, job: Job): void {
    if (this.#stopped) {
      job.dropped();
      return;
    }
    const lane = this.#lanes.get(key);
    if (lane === undefined) {
      const fresh: Lane = { key, waiting: new Fifo() };
      fresh.waiting.push(job);
      this.#lanes.set(key, fresh);
      this.#ready.push(fresh);
      this.#start();
      return;
    }
    lane.waiting.push(job);
    if (lane.waiting.length > this.#options.maxWaiting) lane.waiting.shift()?.dropped();
  }

  /** Starts nothing more; drops what waits when `dropWaiting`, else leaves it where it is. */
  stop({ dropWaiting }: { readonly dropWaiting: boolean }): void {
    this.#stopped = true;
    if (!dropWaiting) return;
    for (const lane of this.#lanes.values()) for (const job of lane.waiting.drain()) job.dropped();
  }

  /** Resolves when nothing runs. */
  idle(): Promise<void> {
    return this.#running === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  /** A job may end before `run` returns; what it makes room for is started here too, not on top of it. */
  #start(): void {
    if (this.#starting) return;
    this.#starting = true;
    while (!this.#stopped && this.#running < this.#options.concurrency) {
      const lane = this.#ready.peek();
      if (lane === undefined || this.#options.gate?.enter(this.#retry) === false) break;
      this.#ready.shift();
      this.#running += 1;
      this.#run(lane);
    }
    this.#starting = false;
  }

  #run(lane: Lane): void {
    const running = start(lane.waiting.shift());
    if (running === undefined) this.#ended(lane);
    else
      void running.then(
        () => this.#ended(lane),
        () => this.#ended(lane),
      );
  }

  #ended(lane: Lane): void {
    this.#running -= 1;
    if (lane.waiting.length > 0) this.#ready.push(lane);
    else this.#lanes.delete(lane.key);
    this.#options.gate?.leave();
    if (this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve();
    this.#start();
  }
}

/** A job never throws or rejects; if it did all the same, the key must not stay blocked. */
function start(job: Job | undefined): Promise<void> | void {
  try {
    return job?.run();
  } catch {
    return undefined;
  }
}
