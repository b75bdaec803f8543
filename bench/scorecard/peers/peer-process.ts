/** The parent's side of a peer. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { until, within } from "@ts-tars/harness";
import type { Accepted, Declared, Handled } from "../ledger/recording.ts";
import type { PeerOrder, PeerReport, PeerSettings, PeerTotals } from "./peer-messages.ts";

/** What peers noted, all lives together. */
export interface PeerNotesSoFar extends PeerTotals {
  readonly accepted: readonly Accepted[];
  readonly handled: readonly Handled[];
  readonly declared: readonly Declared[];
  readonly refused: readonly string[];
  readonly logged: readonly string[];
}

/** Deadlines: connecting, the end of the traffic with all confirmed, an orderly close. */
const READY_MS = 20_000;
const FINISH_MS = 70_000;
const CLOSE_MS = 20_000;

/** A peer in a process of its own. */
export class PeerProcess implements AsyncDisposable {
  readonly notes = {
    accepted: [] as Accepted[], // filled as reports come, as the following ones
    handled: [] as Handled[], // see above
    declared: [] as Declared[], // see above
    refused: [] as string[], // see above
    logged: [] as string[], // see above
    promises: { made: 0, settled: 0 },
    counters: {},
    connectionCount: 0,
  } satisfies PeerNotesSoFar;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #reported = new Set<PeerReport["type"]>();
  #hasExited = false;

  /** `file` is a module beside this one that calls `runPeer`. */
  constructor(file: string) {
    this.#child = fork(fileURLToPath(new URL(file, import.meta.url)), {
      execArgv: ["--conditions=ts-tars-source"],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.#child.on("message", (report: PeerReport) => this.#heard(report));
    this.#exited = new Promise((resolve) => {
      this.#child.once("exit", () => {
        this.#hasExited = true;
        resolve();
      });
    });
  }

  /** Resolves when its client is connected and subscribed. */
  start(settings: PeerSettings): Promise<void> {
    return this.#order({ do: "start", settings }, { awaited: "ready", deadlineMs: READY_MS });
  }

  /** Resolves when all that it published is confirmed or declared. */
  finish(): Promise<void> {
    return this.#order({ do: "finish" }, { awaited: "finished", deadlineMs: FINISH_MS });
  }

  /** Resolves when its client is closed and its process has ended. */
  async close(): Promise<void> {
    await this.#order({ do: "close" }, { awaited: "closed", deadlineMs: CLOSE_MS });
    await within(CLOSE_MS, this.#exited, () => "a peer has closed and its process does not end");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#hasExited) this.#child.kill("SIGKILL");
    await this.#exited;
  }

  async #order(
    order: PeerOrder,
    { awaited, deadlineMs }: { readonly awaited: PeerReport["type"]; readonly deadlineMs: number },
  ): Promise<void> {
    this.#child.send(order);
    const look = (): boolean => {
      if (this.#reported.has(awaited)) return true;
      if (this.#hasExited) throw new Error(`A peer's process ended when it was to ${order.do}.`);
      return false;
    };
    await until(look, { deadlineMs, describe: () => `the peer did not report "${awaited}"` });
  }

  #heard(report: PeerReport): void {
    this.#reported.add(report.type);
    if (report.type === "closed") Object.assign(this.notes, report.totals);
    if (report.type !== "noted") return;
    this.notes.accepted.push(...report.notes.accepted);
    this.notes.handled.push(...report.notes.handled);
    this.notes.declared.push(...report.notes.declared);
    this.notes.refused.push(...report.notes.refused);
    this.notes.logged.push(...report.notes.logged);
  }
}
