/** Whether the broker sends us the replies of one topic now, and who waits for it. Pure. */
import type { Reach } from "../receive/subscription.ts";

/** One question that waits. */
export interface ReplyWaiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Waiters are forgotten when they give up, so that questions asked while the link is away for days leave nothing behind. */
export class ReplySource {
  readonly #onRefused: () => void;
  readonly #waiting = new Set<ReplyWaiter>();
  #isActive = false;

  constructor(deps: { readonly onRefused: () => void }) {
    this.#onRefused = deps.onRefused;
  }

  get isActive(): boolean {
    return this.#isActive;
  }

  wait(waiter: ReplyWaiter): void {
    this.#waiting.add(waiter);
  }

  giveUp(waiter: ReplyWaiter): void {
    this.#waiting.delete(waiter);
  }

  /** The subscription's standing on the current connection. */
  reached(reach: Reach): void {
    this.#isActive = reach.kind === "active";
    if (reach.kind === "lost") return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const { resolve, reject } of waiting) {
      if (reach.kind === "active") resolve();
      else reject(reach.error);
    }
    if (reach.kind === "refused") this.#onRefused();
  }
}
