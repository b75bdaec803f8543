import type { Log } from "@ts-tars/mqtt";
import type { Clock, Health } from "@ts-tars/service";
import { type KeptTimer, keep, type Moment, takeUp } from "./kept-timers.ts";
import type { TimerStore } from "./timer-store.ts";
import type { Timer } from "./timers.ts";

export interface TimerKeeperDeps {
  readonly store: TimerStore;
  readonly clock: Clock;
  /** The calendar's; what timers outlive a restart by. */
  readonly epochMs: () => number;
  readonly log: Log;
  readonly health: Health;
}

const REMEDY = "Make the folder writable, or set ROUTER_STATE_DIR; until then timers are forgotten at a restart.";

/** Keeps the timers of all sites on the disk. Changes that come while one is being written are written together. */
export class TimerKeeper {
  readonly #deps: TimerKeeperDeps;
  readonly #bySite = new Map<string, readonly KeptTimer[]>();
  #writing: Promise<void> | undefined;
  #isChanged = false;

  constructor(deps: TimerKeeperDeps) {
    this.#deps = deps;
  }

  /** What a former life left, by site; to be called before anything is kept. A file that cannot be read is told in the health, and there are none. */
  async open(): Promise<ReadonlyMap<string, readonly Timer[]>> {
    const { store, health, log } = this.#deps;
    try {
      const kept = Map.groupBy(await store.read(), ({ site_id }) => site_id);
      for (const [siteId, timers] of kept) this.#bySite.set(siteId, timers);
    } catch (error) {
      log.error({ err: error }, "the kept timers could not be read");
      health.degraded(wordsOf(error), "Set them again.", "timers");
    }
    const moment = this.#moment();
    const found = [...this.#bySite].map(([siteId, kept]) => [siteId, kept.map((one) => takeUp(one, moment))] as const);
    return new Map(found);
  }

  /** Those of one site, all of them. */
  keep(siteId: string, timers: readonly Timer[]): void {
    const moment = this.#moment();
    if (timers.length === 0) this.#bySite.delete(siteId);
    else
      this.#bySite.set(
        siteId,
        timers.map((timer) => keep(timer, siteId, moment)),
      );
    this.#isChanged = true;
    this.#writing ??= this.#write();
  }

  /** Resolves when all that was to be kept is on the disk, or could not be written. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    const { store, health, log } = this.#deps;
    while (this.#isChanged) {
      this.#isChanged = false;
      try {
        await store.write([...this.#bySite.values()].flat());
        health.ok("timers");
      } catch (error) {
        log.error({ err: error }, "the timers could not be kept");
        health.degraded(`The timers could not be kept: ${wordsOf(error)}.`, REMEDY, "timers");
      }
    }
    this.#writing = undefined;
  }

  #moment(): Moment {
    return { atMs: this.#deps.clock.nowMs(), epochMs: this.#deps.epochMs() };
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
