import { createHook } from "node:async_hooks";

/** Remembers where sockets, timers and children were opened; costs time, so only on request. */
export interface HandleOrigins {
  /** The opening line of each one that is open and keeps the process alive. */
  list(): readonly string[];
}

/** Begins to remember handles of these kinds. */
export function traceHandleOrigins(kinds: readonly string[]): HandleOrigins {
  const open = new Map<number, { readonly kind: string; readonly stack: string; readonly handle: object }>();
  createHook({
    init(id, kind, _trigger, handle) {
      if (kinds.includes(kind)) open.set(id, { kind, stack: ownLines(new Error().stack ?? ""), handle });
    },
    destroy: (id) => void open.delete(id),
  }).enable();
  return {
    list: () =>
      [...open.values()].filter(({ handle }) => keepsAlive(handle)).map(({ kind, stack }) => `${kind}\n${stack}`),
  };
}

function keepsAlive(handle: object): boolean {
  return !("hasRef" in handle) || typeof handle.hasRef !== "function" || handle.hasRef() === true;
}

/** The lines of a stack that are ours. */
function ownLines(stack: string): string {
  return stack
    .split("\n")
    .slice(2)
    .filter((line) => !/node:|node_modules|handle-origins/.test(line))
    .join("\n");
}
