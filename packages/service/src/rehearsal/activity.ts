import type { Hooks } from "@ts-tars/mqtt";
import type { Clock } from "../clock.ts";

/** Whether a service is at work: when the last message came to it, whatever it was. */
export interface Activity {
  readonly hooks: Required<Pick<Hooks, "onCounter">>;
  /** For how long nothing has come; infinite before the first message. */
  quietMs(): number;
}

/** Follows the client that these hooks are given to. */
export function followActivity(clock: Pick<Clock, "nowMs">): Activity {
  let lastAtMs = Number.NEGATIVE_INFINITY;
  return {
    hooks: {
      onCounter: (name) => {
        if (name === "messages_received") lastAtMs = clock.nowMs();
      },
    },
    quietMs: () => clock.nowMs() - lastAtMs,
  };
}
