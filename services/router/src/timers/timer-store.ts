import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "@ts-tars/service";
import { type KeptTimer, KeptTimers } from "./kept-timers.ts";

/** Where timers outlive the process. */
export interface TimerStore {
  /**
   * What was written last; none before the first time.
   *
   * @throws {UnreadableTimersError} once, when what is there is no list of timers: it is moved aside.
   */
  read(): Promise<readonly KeptTimer[]>;
  /** Resolves when they are on the disk. */
  write(timers: readonly KeptTimer[]): Promise<void>;
}

/** The kept timers are lost; the message says where their file is now. */
export class UnreadableTimersError extends Error {
  override readonly name = "UnreadableTimersError";
}

/** In `directory`, one small file that is always whole. */
export function openTimerStore(directory: string): TimerStore {
  const path = join(directory, "timers.json");
  return {
    read: async () => {
      const text = await readFile(path, "utf8").catch((error: unknown) => {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
        throw error;
      });
      if (text === undefined) return [];
      try {
        return KeptTimers.parse(JSON.parse(text)).timers;
      } catch {
        const aside = `${path}.unreadable`;
        await rename(path, aside);
        throw new UnreadableTimersError(`The kept timers could not be read; their file is now ${aside}.`);
      }
    },
    write: (timers) => writeWhole(path, `${JSON.stringify({ version: 1, timers })}\n`),
  };
}

/** Keeps nothing: for a router that is only rehearsed. */
export const FORGETFUL_STORE: TimerStore = { read: async () => [], write: async () => undefined };
