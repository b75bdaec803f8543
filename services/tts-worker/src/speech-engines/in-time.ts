import { EngineError } from "@ts-tars/audio";
import type { Clock } from "@ts-tars/service";

/** How long an engine may take, and whose clock that is. */
export interface Patience {
  readonly clock: Clock;
  readonly withinMs: number;
  /** For the error. */
  readonly engine: string;
}

/** The promise's own outcome. @throws {EngineError} when it takes too long. */
export async function inTime<Value>(promise: Promise<Value>, { clock, withinMs, engine }: Patience): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const cancelTimer = clock.setTimer(withinMs, () => {
    const message = `${engine} hangs: it gave no sound for ${withinMs / 1_000} s.`;
    reject(new EngineError(message, { remedy: "The next sentence tries again. If it stays so, restart the machine." }));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    cancelTimer();
  }
}
