/**
 * Keeps a message that ends the process from ending it for ever. Without this the broker sends it again at each start, and
 * nothing else is ever handled.
 *
 * 1. A message whose handler was running when two earlier lives ended is not handled a third time.
 * 2. What was running when one earlier life ended is a suspect. Suspects are handled one after the other: the one that does it
 *    is then alone with its second start, and its innocent neighbours are not taken for it.
 */
import type { RunJournal } from "../state-store.ts";

/** Starts without an end that make a message a killer. */
const KILLS = 2;

/** What the watch does with a message. */
export interface Guarded {
  /** Handles it, and calls `ended` at its end. */
  readonly handle: (ended: () => void) => void | Promise<void>;
  /** Gives it up unhandled. */
  readonly giveUp: (kills: number) => Promise<void>;
}

export class KillerWatch {
  readonly #journal: RunJournal;
  /** Resolves when the last suspect so far has ended. */
  #suspects: Promise<void> = Promise.resolve();

  constructor(journal: RunJournal) {
    this.#journal = journal;
  }

  async guard(key: string, { handle, giveUp }: Guarded): Promise<void> {
    const kills = this.#journal.unended(key);
    if (kills >= KILLS) {
      await giveUp(kills);
      // Forgotten only now: should the process end meanwhile, it is given up again.
      this.#journal.ended(key);
      return;
    }
    const leave = kills > 0 ? await this.#alone() : undefined;
    this.#journal.started(key);
    await handle(() => {
      this.#journal.ended(key);
      leave?.();
    });
  }

  async #alone(): Promise<() => void> {
    const before = this.#suspects;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#suspects = promise;
    await before;
    return resolve;
  }
}
