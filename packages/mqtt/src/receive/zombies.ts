import type { Log } from "../log.ts";
import type { Meter } from "../meter.ts";

/** Counts handlers that never returned, and says which topic's. */
export function zombieCounter({ log, meter }: { readonly log: Log; readonly meter: Meter }): (topic: string) => void {
  let zombies = 0;
  return (topic) => {
    zombies += 1;
    meter.gauge("zombie_handlers", zombies);
    log.error({ topic, zombies }, "a handler never returned; its key goes on without it");
  };
}
