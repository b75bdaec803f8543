/**
 * The life of an engine in its child process. Pure: no clock, no processes.
 *
 *   starting ──came_up──▶ up ──ended, hung, broke──▶ waiting ──due──▶ starting
 *      └──ended, refused, too late──────────────────────▲
 *
 * 1. An engine that owes an answer and says nothing for `hangLimitMs` is killed; an idle one is pinged, so that it owes one.
 * 2. It is started again after 50–100 ms, doubling to 10 s; from the beginning again once it was up for 30 s. One that refused to
 *    start is tried every 10 s, so that what was installed meanwhile is found.
 * 3. Whoever was asleep does not blame the engine: a time that comes much too late begins its wait anew.
 */
import type { EngineTrouble } from "./engine-trouble.ts";

/** Where an engine is in its life. */
export type EngineLife =
  | { readonly kind: "starting"; readonly sinceMs: number; readonly crashCount: number }
  | {
      readonly kind: "up";
      readonly sinceMs: number;
      readonly crashCount: number;
      /** Orders and pings that it has not finished. */
      readonly owedCount: number;
      /** Its last word, or the first order since. */
      readonly quietSinceMs: number;
    }
  | {
      readonly kind: "waiting";
      readonly trouble: EngineTrouble;
      readonly retryAtMs: number;
      readonly crashCount: number;
    }
  | { readonly kind: "closed" };

/** What happens to it, each at a moment and with a draw from [0, 1). */
export type EngineEvent = { readonly atMs: number; readonly random: number } & EngineHappening;

export type EngineHappening =
  | { readonly type: "came_up" }
  | { readonly type: "failed"; readonly trouble: EngineTrouble }
  | { readonly type: "ordered" }
  | { readonly type: "answered" }
  | { readonly type: "heard" }
  | { readonly type: "restart_asked"; readonly reason: string }
  | { readonly type: "time_passed" }
  | { readonly type: "closed" };

export type EngineEffect =
  | { readonly do: "start" }
  | { readonly do: "kill" }
  | { readonly do: "ping" }
  | { readonly do: "tell_up" }
  | { readonly do: "tell_down"; readonly trouble: EngineTrouble };

/** How patient we are. */
export interface EngineLimits {
  /** How long it may owe an answer. */
  readonly hangLimitMs: number;
  /** How long its start may take: models are loaded meanwhile. */
  readonly startLimitMs: number;
}

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10_000;
/** An engine that ran for so long is not in a loop of crashes. */
const STEADY_MS = 30_000;
/** An idle engine is asked for a sign of life so often within the hang limit. */
const PINGS_PER_LIMIT = 4;

type Up = Extract<EngineLife, { kind: "up" }>;
type Stepped = readonly [EngineLife, readonly EngineEffect[]];

/** The first state, whose effect is `start`. */
export function born(atMs: number): EngineLife {
  return { kind: "starting", sinceMs: atMs, crashCount: 0 };
}

/** When `time_passed` is due; undefined: never. */
export function dueAtMs(life: EngineLife, { hangLimitMs, startLimitMs }: EngineLimits): number | undefined {
  switch (life.kind) {
    case "starting":
      return life.sinceMs + startLimitMs;
    case "up":
      return life.quietSinceMs + (life.owedCount > 0 ? hangLimitMs : hangLimitMs / PINGS_PER_LIMIT);
    case "waiting":
      return life.retryAtMs;
    case "closed":
      return undefined;
  }
}

/** The next state, and what must be done to get there, in order. */
export function step(life: EngineLife, event: EngineEvent, limits: EngineLimits): Stepped {
  if (life.kind === "closed") return [life, []];
  switch (event.type) {
    case "closed":
      return [{ kind: "closed" }, [{ do: "kill" }]];
    case "came_up": {
      if (life.kind !== "starting") return [life, []];
      const { crashCount } = life;
      const [sinceMs, quietSinceMs] = [event.atMs, event.atMs];
      return [{ kind: "up", sinceMs, crashCount, owedCount: 0, quietSinceMs }, [{ do: "tell_up" }]];
    }
    case "failed":
      return life.kind === "waiting" ? [life, []] : fail(life, event, event.trouble);
    case "restart_asked":
      return restart(life, event);
    case "time_passed":
      return passTime(life, event, limits);
    default:
      return life.kind === "up" ? [hear(life, event), []] : [life, []];
  }
}

function hear(life: Up, { type, atMs }: EngineEvent): Up {
  switch (type) {
    case "ordered":
      return { ...life, owedCount: life.owedCount + 1, quietSinceMs: life.owedCount === 0 ? atMs : life.quietSinceMs };
    case "answered":
      return { ...life, owedCount: Math.max(0, life.owedCount - 1), quietSinceMs: atMs };
    default:
      return { ...life, quietSinceMs: atMs };
  }
}

function fail(
  life: Exclude<EngineLife, { kind: "closed" | "waiting" }>,
  event: EngineEvent,
  trouble: EngineTrouble,
): Stepped {
  const wasSteady = life.kind === "up" && event.atMs - life.sinceMs >= STEADY_MS;
  const crashCount = wasSteady ? 0 : life.crashCount;
  const isRefusal = trouble.kind === "refused";
  const retryAtMs = event.atMs + (isRefusal ? LONGEST_DELAY_MS : delayMs(crashCount, event.random));
  const waiting = { kind: "waiting", trouble, retryAtMs, crashCount: isRefusal ? crashCount : crashCount + 1 } as const;
  return [waiting, [{ do: "kill" }, { do: "tell_down", trouble }]];
}

/** Half of the bound is drawn, so that several engines do not come back in step, and none at once. */
function delayMs(crashCount: number, random: number): number {
  const boundMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(crashCount, 30));
  return boundMs * (0.5 + random / 2);
}

function restart(life: Exclude<EngineLife, { kind: "closed" }>, { atMs, ...event }: EngineEvent): Stepped {
  if (life.kind === "starting" || event.type !== "restart_asked") return [life, []];
  const starting = { kind: "starting", sinceMs: atMs, crashCount: life.crashCount } as const;
  if (life.kind === "waiting") return [starting, [{ do: "start" }]];
  const trouble = { kind: "restarted", reason: event.reason } as const;
  return [starting, [{ do: "kill" }, { do: "start" }, { do: "tell_down", trouble }]];
}

function passTime(life: Exclude<EngineLife, { kind: "closed" }>, event: EngineEvent, limits: EngineLimits): Stepped {
  const lateMs = event.atMs - (dueAtMs(life, limits) ?? Number.POSITIVE_INFINITY);
  if (lateMs < 0) return [life, []];
  switch (life.kind) {
    case "waiting":
      return [{ kind: "starting", sinceMs: event.atMs, crashCount: life.crashCount }, [{ do: "start" }]];
    case "starting":
      return fail(life, event, { kind: "start_hung", afterMs: limits.startLimitMs });
    case "up": {
      if (life.owedCount === 0) return [{ ...life, owedCount: 1, quietSinceMs: event.atMs }, [{ do: "ping" }]];
      const wasAsleep = lateMs > limits.hangLimitMs / 2;
      if (wasAsleep) return [{ ...life, quietSinceMs: event.atMs }, []];
      return fail(life, event, { kind: "hung", afterMs: limits.hangLimitMs });
    }
  }
}
