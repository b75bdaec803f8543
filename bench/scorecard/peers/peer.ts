/** The child's side: takes orders, reports notes. One peer is one process with one client in it. */
import type { Client, Hooks, Log } from "@ts-tars/mqtt";
import type { Accepted, Declared, Handled } from "../ledger/recording.ts";
import type { PeerOrder, PeerReport, PeerSettings, PeerTotals } from "./peer-messages.ts";

/** How often notes are sent; what a killed peer had noted since is lost with it. */
const REPORT_EVERY_MS = 50;

/** What an application notes. */
export interface Notebook {
  accepted(note: Accepted): void;
  handled(note: Handled): void;
  declared(note: Declared): void;
  /** `publish` threw. */
  refused(errorName: string): void;
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
}

/** Runs a peer in this process until it is told to close, or until its parent is gone. */
export function runPeer(start: (settings: PeerSettings, notebook: Notebook) => Promise<PeerActs>): void {
  const { notebook, flush, totals } = openNotebook();
  let acts: PeerActs | undefined;
  const timer = setInterval(flush, REPORT_EVERY_MS);

  const obey = async (order: PeerOrder): Promise<void> => {
    switch (order.do) {
      case "start":
        acts = await start(order.settings, notebook);
        return report({ type: "ready" });
      case "finish":
        await acts?.finish();
        flush();
        return report({ type: "finished" });
      case "close": {
        const connectionCount = acts?.connectionCount() ?? 0;
        await acts?.close();
        clearInterval(timer);
        flush();
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
  let notes = emptyNotes();
  const counters: Record<string, number> = {};
  let made = 0;
  let settled = 0;
  const settle = (): void => {
    settled += 1;
  };
  const notebook: Notebook = {
    accepted: (note) => notes.accepted.push(note),
    handled: (note) => notes.handled.push(note),
    declared: (note) => notes.declared.push(note),
    refused: (errorName) => notes.refused.push(errorName),
    log: {
      debug: () => undefined,
      info: () => undefined,
      warn: (_fields, message) => notes.logged.push(message),
      error: (_fields, message) => notes.logged.push(message),
    },
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
  const flush = (): void => {
    if (Object.values(notes).every(({ length }) => length === 0)) return;
    report({ type: "noted", notes });
    notes = emptyNotes();
  };
  const totals = (): Omit<PeerTotals, "connectionCount"> => ({ promises: { made, settled }, counters });
  return { notebook, flush, totals };
}

function emptyNotes() {
  const notes: { accepted: Accepted[]; handled: Handled[]; declared: Declared[]; refused: string[]; logged: string[] } =
    {
      accepted: [],
      handled: [],
      declared: [],
      refused: [],
      logged: [],
    };
  return notes;
}

function report(message: PeerReport): void {
  process.send?.(message);
}
