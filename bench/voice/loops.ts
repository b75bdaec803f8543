import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** How late a service's event loop was. */
const Loop = z.object({ p99Ms: z.number(), maxMs: z.number(), count: z.number() });
export type Loop = z.output<typeof Loop>;

/** What `loop-monitor.mjs` wrote of a service so far. */
export async function readLoop(folder: string, service: string): Promise<Loop> {
  return Loop.parse(JSON.parse(await readFile(join(folder, `${service}.json`), "utf8")));
}
