/** The child's side: takes orders, writes notes. One peer is one process with one client in it. */
import { writeSync } from "node:fs";
import type { Client, Hooks, Log } from "@ts-tars/mqtt";
import { NOTES_FD, type PeerNote, type PeerOrder, type PeerReport, type PeerSettings } from "./peer-messages.ts";

/** What an application notes. */
export interface Notebook {
  write(note: PeerNote): void;
  /** For the client: keeps the messages of warnings and errors. */
  readonly log: Log;
  /** For the client: sums up its counters. */
  readonly hooks: Hooks;
  /** Counts a promise that the client returned; hands it on. */
  watch<T>(promise: Promise<T>): Promise<T>;
}

/** What a peer does with its orders. */
export interface PeerActs {
  /** How often the client has been connected. */
  connectionCount(): number;
  finish(): Promise<void>;
  close(): Promise<void>;
  /** Orders of one kind of peer only. */
  obey?(order: PeerOrder): void;
}

/** Runs a peer in this process until it is told to close, or until its parent is gone. */
export function runPeer(start: (settings: PeerSettings, notebook: Notebook) => Promise<PeerActs>): void {
  const { notebook, totals } = openNotebook();
  let acts: PeerActs | undefined;

  const obey = async (order: PeerOrder): Promise<void> => {
    switch (order.do) {
      case "start":
        acts = await start(order.settings, notebook);
        return report({ type: "ready" });
      case "misbehave":
      case "burst":
        acts?.obey?.(order);
        return report({ type: "obeyed" });
      case "finish":
        await acts?.finish();
        return report({ type: "finished" });
      case "close": {
        const connectionCount = acts?.connectionCount() ?? 0;
        await acts?.close();
        // What settles by the close has settled after one more turn of the event loop.
        await new Promise((resolve) => setImmediate(resolve));
        report({ type: "closed", totals: { ...totals(), connectionCount } });
        process.disconnect();
      }
    }
  };
  process.on("message", (order: PeerOrder) => {
    obey(order).catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
      process.exit(1);
    });
  });
  process.once("disconnect", () => process.exit());
}

/** From the epoch of the connection that stands. */
export function countConnections({ state }: Client): number {
  return state.kind === "up" ? state.epoch : 0;
}

function openNotebook() {
  const counters: Record<string, number> = {};
  let made = 0;
  let settled = 0;
  const settle = (): void => {
    settled += 1;
  };
  const write: Notebook["write"] = (note) => void writeSync(NOTES_FD, `${JSON.stringify(note)}\n`);
  const keep = (_fields: object, message: string): void => write({ type: "logged", message });
  const notebook: Notebook = {
    write,
    log: { debug: () => undefined, info: () => undefined, warn: keep, error: keep },
    hooks: {
      onCounter: (name, delta) => {
        counters[name] = (counters[name] ?? 0) + delta;
      },
    },
    watch: (promise) => {
      made += 1;
      promise.then(settle, settle);
      return promise;
    },
  };
  return { notebook, totals: () => ({ promises: { made, settled }, counters }) };
}

function report(message: PeerReport): void {
  process.send?.(message);
}
