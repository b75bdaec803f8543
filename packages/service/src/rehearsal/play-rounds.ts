import type { Clock } from "../clock.ts";
import { whenAborted } from "../lifetime.ts";
import type { Round } from "../service-definition.ts";

/** How much is rehearsed at most. */
export interface RehearsalBudget {
  /** Nothing is begun before the service was ready for so long. */
  readonly afterMs: number;
  readonly rounds: number;
  /** No round begins later than this, by what the process has computed … */
  readonly computingMs: number;
  /** … and by the clock. */
  readonly wholeMs: number;
  /** A round that takes longer hangs. */
  readonly roundMs: number;
  /** A round begins only when nothing has come to the service itself for so long: what people want goes first. */
  readonly quietMs: number;
}

/** How it went; `short`: one of the times was over first. */
export interface Rehearsed {
  readonly outcome: "whole" | "short";
  readonly rounds: number;
  readonly tookMs: number;
  /** By the whole process, the service itself included. */
  readonly computedMs: number;
}

export interface RoundsOptions {
  readonly clock: Clock;
  /** What the process has computed so far. */
  readonly computedMs: () => number;
  /** For how long nothing has come to the service itself. */
  readonly quietMs: () => number;
  readonly budget: RehearsalBudget;
  readonly signal: AbortSignal;
}

/** After each round the service has the process for itself for as long again, within these bounds. */
const PAUSE_MIN_MS = 1;
const PAUSE_MAX_MS = 20;

/** Plays round after round, until it is enough. Rejects with what a round failed of, when one hangs, or with the signal's reason. */
export async function playRounds(
  play: Round,
  { clock, computedMs, quietMs, budget, signal }: RoundsOptions,
): Promise<Rehearsed> {
  const [beganAtMs, computedBeforeMs] = [clock.nowMs(), computedMs()];
  const passedMs = (): number => clock.nowMs() - beganAtMs;
  const costMs = (): number => computedMs() - computedBeforeMs;
  let rounds = 0;
  while (rounds < budget.rounds && passedMs() < budget.wholeMs && costMs() < budget.computingMs) {
    const missingMs = budget.quietMs - quietMs();
    if (missingMs > 0) {
      await pause(missingMs, { clock, signal });
      continue;
    }
    const roundAtMs = passedMs();
    await inTime(play(rounds), { clock, signal, deadlineMs: budget.roundMs, what: "A round" });
    rounds += 1;
    await pause(Math.min(PAUSE_MAX_MS, Math.max(PAUSE_MIN_MS, passedMs() - roundAtMs)), { clock, signal });
  }
  const outcome = rounds < budget.rounds ? "short" : "whole";
  return { outcome, rounds, tookMs: Math.round(passedMs()), computedMs: Math.round(costMs()) };
}

export interface Patience {
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  readonly deadlineMs: number;
  /** Of the message. */
  readonly what: string;
}

/** What the work resolves to. Rejects behind the deadline, and with the signal's reason at once when it aborts. */
export async function inTime<Value>(work: Promise<Value>, patience: Patience): Promise<Value> {
  const { clock, signal = NEVER, deadlineMs, what } = patience;
  const over = Promise.withResolvers<Value>();
  work.then(over.resolve, over.reject);
  const cancelTimer = clock.setTimer(deadlineMs, () =>
    over.reject(new Error(`${what} of the rehearsal took longer than ${deadlineMs} ms.`)),
  );
  using _stopped = whenAborted(signal, () => over.reject(signal.reason));
  try {
    return await over.promise;
  } finally {
    cancelTimer();
  }
}

const NEVER = new AbortController().signal;

/** Resolves when so much time has passed; rejects with the signal's reason at once when it aborts. */
export async function pause(
  durationMs: number,
  { clock, signal }: Pick<RoundsOptions, "clock" | "signal">,
): Promise<void> {
  const over = Promise.withResolvers<void>();
  const cancelTimer = clock.setTimer(durationMs, () => over.resolve());
  using _stopped = whenAborted(signal, () => over.reject(signal.reason));
  try {
    await over.promise;
  } finally {
    cancelTimer();
  }
}
