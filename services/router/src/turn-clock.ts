/** When each stage of a turn was reached, for `turn/report`. Pure; times are those of router's monotonic clock. */

/** In the order in which they usually happen. */
export type Stage =
  | "speech_heard"
  | "endpointed"
  | "transcribed"
  | "understood"
  | "model_asked"
  | "first_token"
  | "first_sentence"
  | "first_say"
  | "first_audible"
  | "text_complete"
  | "speech_end"
  | "ended";

interface Reached {
  readonly stage: Stage;
  readonly atMs: number;
  /** What the service that did the work measured itself. */
  readonly tookMs?: number;
}

/** The stages reached so far, oldest first. */
export interface TurnClock {
  readonly begunAtMs: number;
  readonly reached: readonly Reached[];
}

/** A stage as `turn/report` carries it: ms after the turn began. */
export interface StageTime {
  readonly stage: Stage;
  readonly at_ms: number;
  readonly took_ms?: number;
}

/** A service's own figure may differ from router's arrival times by this much before the clock is doubted (03). */
const DOUBT_MS = 50;

/** Which stage a service's own figure is counted from. */
const COUNTED_FROM: Partial<Record<Stage, Stage>> = {
  transcribed: "endpointed",
  first_token: "model_asked",
  first_audible: "first_say",
};

export function startClock(begunAtMs: number): TurnClock {
  return { begunAtMs, reached: [] };
}

/** Marks a stage; only the first time counts, and what a service says of it later is added. */
export function mark(
  clock: TurnClock,
  stage: Stage,
  { atMs, tookMs }: { readonly atMs: number; readonly tookMs?: number | undefined },
): TurnClock {
  const known = clock.reached.find((reached) => reached.stage === stage);
  const took = tookMs === undefined ? {} : { tookMs };
  if (known === undefined) return { ...clock, reached: [...clock.reached, { stage, atMs, ...took }] };
  if (tookMs === undefined || known.tookMs !== undefined) return clock;
  return { ...clock, reached: clock.reached.map((reached) => (reached === known ? { ...known, tookMs } : reached)) };
}

/** As if these stages had not been reached: what was taken for speech was none. */
export function unmark(clock: TurnClock, stages: readonly Stage[]): TurnClock {
  return { ...clock, reached: clock.reached.filter(({ stage }) => !stages.includes(stage)) };
}

/** All stages, and whether the services' own figures agree with the arrival times here. */
export function readClock({ begunAtMs, reached }: TurnClock): {
  readonly stages: readonly StageTime[];
  readonly clock: "agreed" | "doubtful";
} {
  const atMs = new Map(reached.map((one) => [one.stage, one.atMs]));
  const isDoubtful = reached.some(({ stage, atMs: arrivedAtMs, tookMs }) => {
    const from = COUNTED_FROM[stage];
    const fromMs = from === undefined ? undefined : atMs.get(from);
    return tookMs !== undefined && fromMs !== undefined && Math.abs(arrivedAtMs - fromMs - tookMs) > DOUBT_MS;
  });
  const stages = reached.map(({ stage, atMs: whenMs, tookMs }) => ({
    stage,
    at_ms: Math.max(0, whenMs - begunAtMs),
    ...(tookMs === undefined ? {} : { took_ms: tookMs }),
  }));
  return { stages, clock: isDoubtful ? "doubtful" : "agreed" };
}
