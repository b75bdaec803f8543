/**
 * Keeps one service running: when to start it again, and when to leave it down. Pure: no processes, no clock, no chance.
 *
 *   starting ──ready──▶ running
 *      │  ▲               │
 *      │  └──due── waiting ◀──exited (a crash)
 *      └──exited, too often or for good──▶ down
 *   any ──stop──▶ stopping ──exited──▶ stopped
 */
export type Supervision =
  | { readonly kind: "starting"; readonly crashes: Crashes }
  | { readonly kind: "running"; readonly crashes: Crashes }
  | { readonly kind: "waiting"; readonly crashes: Crashes; readonly delayMs: number; readonly cause: string }
  | { readonly kind: "down"; readonly cause: string }
  | { readonly kind: "stopping" }
  | { readonly kind: "stopped" };

/** When it crashed within the window, oldest first, on a monotonic clock; and how often since the start. */
export interface Crashes {
  readonly atMs: readonly number[];
  readonly count: number;
}

export type SupervisionEvent =
  | { readonly type: "became_ready" }
  /** `isFinal`: starting it again as it is would end the same way. `random` is in [0, 1). */
  | {
      readonly type: "exited";
      readonly cause: string;
      readonly isFinal: boolean;
      readonly nowMs: number;
      readonly random: number;
    }
  | { readonly type: "wait_elapsed" }
  | { readonly type: "stop_requested" };

export type SupervisionEffect =
  | { readonly do: "start" }
  | { readonly do: "start_later"; readonly delayMs: number }
  | { readonly do: "forget_start" }
  | { readonly do: "stop" };

/** More crashes than these within the window, and the service is left down for a person to look at. */
export const CRASH_LIMIT = { count: 5, windowMs: 60_000 } as const;

/** The delay doubles from min to max with the crashes in the window; half of it is chance, so that services spread. */
export const RESTART_DELAY = { minMs: 2_000, maxMs: 20_000 } as const;

/** The beginning, whose first effect is `start`. */
export const BEGUN: Supervision = Object.freeze({ kind: "starting", crashes: { atMs: [], count: 0 } });

type Step = readonly [Supervision, readonly SupervisionEffect[]];

/** The next state, and what must be done to get there, in order. */
export function step(state: Supervision, event: SupervisionEvent): Step {
  switch (event.type) {
    case "became_ready":
      return state.kind === "starting" ? [{ kind: "running", crashes: state.crashes }, []] : [state, []];
    case "exited":
      return exited(state, event);
    case "wait_elapsed":
      return state.kind === "waiting" ? [{ kind: "starting", crashes: state.crashes }, [{ do: "start" }]] : [state, []];
    case "stop_requested":
      return stopRequested(state);
  }
}

function exited(state: Supervision, event: Extract<SupervisionEvent, { type: "exited" }>): Step {
  if (state.kind === "stopping") return [{ kind: "stopped" }, []];
  if (state.kind !== "starting" && state.kind !== "running") return [state, []];
  if (event.isFinal) return [{ kind: "down", cause: event.cause }, []];
  const recent = state.crashes.atMs.filter((atMs) => event.nowMs - atMs < CRASH_LIMIT.windowMs);
  const crashes = { atMs: [...recent, event.nowMs], count: state.crashes.count + 1 };
  if (crashes.atMs.length > CRASH_LIMIT.count) {
    const seconds = CRASH_LIMIT.windowMs / 1_000;
    return [{ kind: "down", cause: `${event.cause}; ${crashes.atMs.length} times within ${seconds} s` }, []];
  }
  const boundMs = Math.min(RESTART_DELAY.maxMs, RESTART_DELAY.minMs * 2 ** (crashes.atMs.length - 1));
  const delayMs = Math.round(boundMs * (0.5 + 0.5 * event.random));
  return [{ kind: "waiting", crashes, delayMs, cause: event.cause }, [{ do: "start_later", delayMs }]];
}

function stopRequested(state: Supervision): Step {
  switch (state.kind) {
    case "starting":
    case "running":
      return [{ kind: "stopping" }, [{ do: "stop" }]];
    case "waiting":
      return [{ kind: "stopped" }, [{ do: "forget_start" }]];
    case "down":
      return [{ kind: "stopped" }, []];
    case "stopping":
    case "stopped":
      return [state, []];
  }
}
