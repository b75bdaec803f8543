import { collectDefaultMetrics, Registry } from "prom-client";

let figures: Registry | undefined;

/**
 * Memory, processor time, event loop and garbage collection, as `prom-client` reads them. They are the process's, however many services
 * run in it, and what watches them cannot be taken away again: so there is one set, made when the first service wants it.
 */
export function processFigures(): Registry {
  if (figures === undefined) {
    figures = new Registry();
    collectDefaultMetrics({ register: figures });
  }
  return figures;
}
