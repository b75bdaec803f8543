import { AsyncLocalStorage } from "node:async_hooks";
import { MailboxClosedError, MailboxFullError } from "./errors.ts";

/** What a full mailbox does: `refuse` throws `MailboxFullError` at the sender, `drop_oldest` forgets what waited longest. */
export type Overflow = "refuse" | "drop_oldest";

/** Bounds of a mailbox. */
export interface MailboxOptions {
  /** Events that may wait, default 1 024. */
  readonly capacity?: number;
  /** Default `refuse`: a message's handler then fails, and the client tries it again later. */
  readonly overflow?: Overflow;
}

type InContext = <Result>(task: () => Result) => Result;

interface Entry<Event> {
  readonly event: Event;
  /** Runs a task with the AsyncLocalStorage values (the turn being served, the trace) of whoever sent the event. */
  readonly inContext: InContext;
  readonly settle: (error?: Error) => void;
}

type Waiter = () => void;

const ignore = (): void => undefined;

/**
 * The inbox of a service's one loop: everything that happens becomes an event, and events are handled one at a time,
 * in the order they came.
 *
 * 1. `post` is for facts nobody waits for, `handled` for messages whose acknowledgement depends on the loop.
 * 2. After `close`, what already waits is still handled; then the loop ends. What comes later is not taken:
 *    `post` forgets it, `handled` rejects.
 * 3. When the loop ends early (its body threw, or it was left), every waiting `handled` rejects.
 * 4. One reader at a time.
 *
 * Prefer `run` to `for await`. The body of a `for await` runs in the context of the *loop*, so what it publishes
 * would carry no correlation id, or a stranger's; `run` handles each event in the context of the message that caused
 * it. JavaScript gives an iterator no way to do the same.
 */
export class Mailbox<Event> implements AsyncIterable<Event> {
  readonly #capacity: number;
  readonly #overflow: Overflow;
  readonly #waiting: Entry<Event>[] = [];
  #state: "open" | "closing" | "ended" = "open";
  #hasReader = false;
  #wake: Waiter = ignore;
  #droppedCount = 0;

  constructor({ capacity = 1024, overflow = "refuse" }: MailboxOptions = {}) {
    if (!Number.isSafeInteger(capacity) || capacity < 1)
      throw new RangeError(`capacity must be at least 1: ${capacity}`);
    this.#capacity = capacity;
    this.#overflow = overflow;
  }

  /** Events waiting to be handled. */
  get size(): number {
    return this.#waiting.length;
  }

  /** Events forgotten by `drop_oldest` so far. */
  get droppedCount(): number {
    return this.#droppedCount;
  }

  /**
   * Queues an event that nobody waits for. After `close` it is forgotten: late news of a world that has ended.
   *
   * @throws {MailboxFullError} when full and the overflow answer is `refuse`.
   */
  post(event: Event): this {
    if (this.#state === "open") this.#add(event, ignore);
    return this;
  }

  /**
   * Queues an event and resolves when the loop has finished with it.
   *
   * Rejects with `MailboxFullError` when full, with `MailboxClosedError` when the mailbox is closed, when the loop
   * ends before its turn, or when it is dropped; with the body's error when the body failed on it.
   */
  handled(event: Event): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#state !== "open") throw new MailboxClosedError();
      this.#add(event, (error) => (error === undefined ? resolve() : reject(error)));
    });
  }

  /** Takes no more events; the loop ends after those that wait. Idempotent. */
  close(): void {
    if (this.#state === "open") this.#state = "closing";
    this.#wake();
  }

  /**
   * Handles the events one after the other, each in the context of the message that caused it, until the mailbox is
   * closed and empty. Rejects with what the body threw; the mailbox is closed then.
   */
  async run(body: (event: Event) => void | Promise<void>): Promise<void> {
    this.#enter();
    try {
      for (let entry = await this.#next(); entry !== undefined; entry = await this.#next()) await handle(entry, body);
    } finally {
      this.#end();
    }
  }

  /** The events without their contexts (see above); an event counts as handled when the next one is asked for. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void, undefined> {
    this.#enter();
    let current: Entry<Event> | undefined;
    try {
      for (current = await this.#next(); current !== undefined; current = await this.#next()) {
        yield current.event;
        current.settle();
      }
    } finally {
      // Left by `break` or a throw: the event in hand was not finished. Settling twice changes nothing.
      current?.settle(new MailboxClosedError());
      this.#end();
    }
  }

  #add(event: Event, settle: Entry<Event>["settle"]): void {
    if (this.#waiting.length >= this.#capacity) {
      if (this.#overflow === "refuse") throw new MailboxFullError(this.#capacity);
      this.#waiting.shift()?.settle(new MailboxClosedError({ cause: new MailboxFullError(this.#capacity) }));
      this.#droppedCount += 1;
    }
    this.#waiting.push({ event, inContext: AsyncLocalStorage.snapshot(), settle });
    this.#wake();
  }

  async #next(): Promise<Entry<Event> | undefined> {
    while (this.#waiting.length === 0 && this.#state === "open") {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#waiting.shift();
  }

  #enter(): void {
    if (this.#hasReader) throw new TypeError("A mailbox has one reader, and this one has it already.");
    this.#hasReader = true;
  }

  #end(): void {
    this.#state = "ended";
    for (const entry of this.#waiting.splice(0)) entry.settle(new MailboxClosedError());
  }
}

async function handle<Event>(entry: Entry<Event>, body: (event: Event) => void | Promise<void>): Promise<void> {
  try {
    await entry.inContext(() => body(entry.event));
    entry.settle();
  } catch (error) {
    entry.settle(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}
