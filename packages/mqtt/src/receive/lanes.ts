/**
 * One subscription's work: serial per key, parallel across keys.
 *
 * 1. Jobs of one key start in the order they were enqueued, each after the one before has ended.
 * 2. At most `concurrency` keys run, and the client's gate must let each in.
 * 3. With `maxWaiting`, the oldest waiting job of a key is dropped for a new one.
 *
 * A key has a lane while something of it waits, or runs and does not end at once.
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
  /** The key of a job that is in its first, synchronous part and has no lane yet. */
  #laneless: string | undefined;
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
      if (!this.#runAtOnce(key, job)) this.#open(key, job);
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

  #open(key: string, job: Job): void {
    const lane = this.#laneOf(key);
    lane.waiting.push(job);
    // What runs just now makes its lane ready when it has ended.
    if (key === this.#laneless) return;
    this.#ready.push(lane);
    this.#start();
  }

  #laneOf(key: string): Lane {
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    const lane: Lane = { key, waiting: new Fifo() };
    this.#lanes.set(key, lane);
    return lane;
  }

  /** Most jobs find nothing before them and wait for nothing; a lane would be made and thrown away for each. */
  #runAtOnce(key: string, job: Job): boolean {
    const { concurrency, gate } = this.#options;
    if (this.#starting || this.#ready.length > 0 || this.#running >= concurrency) return false;
    if (gate?.enter(this.#retry) === false) return false;
    this.#starting = true;
    this.#running += 1;
    this.#laneless = key;
    const running = start(job);
    this.#laneless = undefined;
    this.#starting = false;
    if (running === undefined) this.#ended(key);
    else {
      this.#outlive(this.#laneOf(key), running);
      this.#start();
    }
    return true;
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
      const running = start(lane.waiting.shift());
      if (running === undefined) this.#ended(lane.key);
      else this.#outlive(lane, running);
    }
    this.#starting = false;
  }

  #outlive({ key }: Lane, running: Promise<void>): void {
    void running.then(
      () => this.#ended(key),
      () => this.#ended(key),
    );
  }

  #ended(key: string): void {
    this.#running -= 1;
    const lane = this.#lanes.size === 0 ? undefined : this.#lanes.get(key);
    if (lane !== undefined && lane.waiting.length > 0) this.#ready.push(lane);
    else if (lane !== undefined) this.#lanes.delete(key);
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
