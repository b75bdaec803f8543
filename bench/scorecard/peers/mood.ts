/** How the handlers of a subscriber behave: well, until they are told otherwise, and then for a while. */
import { setTimeout as delay } from "node:timers/promises";
import type { Misbehaviour } from "../scorecard-case.ts";

/** For so long handlers stay slow, and so much each of them takes: over a cut, and longer than the way back from it. */
const SLOW_FOR_MS = 2_500;
const SLOW_MS = 2_000;
/** So many messages fail: each fourth of them as often as it is tried. */
const THROWING_COUNT = 8;
/** Longer than the client's own patience, whose default is 10 s, and the grace behind it. */
const HANG_MS = 13_000;

/** A handler's conduct. */
export interface Mood {
  become(how: Misbehaviour): void;
  /** What a handler does with a message. @throws when it is in that mood. */
  handle(message: string, attempt: number): Promise<void>;
}

/** A good one; a handler takes up to `handlerMs`, or one turn of the event loop. */
export function goodMood(handlerMs: number): Mood {
  let slowUntilMs = 0;
  let throwingLeft = 0;
  let hangsLeft = 0;
  let started = 0;
  const failing = new Set<string>();

  return {
    become: (how) => {
      if (how === "slow") slowUntilMs = performance.now() + SLOW_FOR_MS;
      else if (how === "throw") throwingLeft = THROWING_COUNT;
      else hangsLeft = 1;
    },
    handle: async (message, attempt) => {
      started += 1;
      if (hangsLeft > 0) {
        hangsLeft -= 1;
        await delay(HANG_MS);
      } else if (performance.now() < slowUntilMs) {
        await delay(SLOW_MS);
      } else if (throwingLeft > 0 && attempt === 1) {
        throwingLeft -= 1;
        if (throwingLeft % 4 === 0) failing.add(message);
        throw new Error("The handler was told to fail.");
      } else if (failing.has(message)) {
        throw new Error("The handler was told to fail, and fails again.");
      } else if (handlerMs > 0) {
        // From nothing to all of it in turns, so that others of its key could overtake it, and others do.
        await delay((started * 7) % handlerMs);
      } else {
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}
