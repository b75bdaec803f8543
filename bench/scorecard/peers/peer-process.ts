/** The parent's side of a peer. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { until, within } from "@ts-tars/harness";
import type { Clock } from "../scorecard-case.ts";
import type { Notes } from "./notes.ts";
import { NOTES_FD, type PeerOrder, type PeerReport, type PeerSettings } from "./peer-messages.ts";

/** Deadlines: start and connection, an order in between, the end of the traffic with all confirmed, an orderly close. */
const READY_MS = 60_000;
const OBEYED_MS = 20_000;
const FINISH_MS = 90_000;
const CLOSE_MS = 30_000;

/** How a peer's process is started. */
export interface PeerStart {
  readonly notes: Notes;
  /** Default the real one. */
  readonly clock?: Clock;
}

/** A peer in a process of its own. */
export class PeerProcess implements AsyncDisposable {
  readonly #notes: Notes;
  readonly #child: ChildProcess;
  /** The process has ended, and all its notes are here. */
  readonly #ended: Promise<unknown>;
  readonly #reports: PeerReport["type"][] = [];
  #hasExited = false;

  /** `file` is a module beside this one that calls `runPeer`. */
  constructor(file: string, { notes, clock = "real" }: PeerStart) {
    this.#notes = notes;
    this.#child = fork(fileURLToPath(new URL(file, import.meta.url)), {
      execArgv: [
        "--conditions=ts-tars-source",
        ...(clock === "1970" ? ["--import", new URL("./clock-of-1970.ts", import.meta.url).href] : []),
      ],
      stdio: ["ignore", "inherit", "inherit", "ipc", "pipe"],
    });
    this.#child.on("message", (report: PeerReport) => this.#heard(report));
    this.#child.once("exit", () => {
      this.#hasExited = true;
    });
    this.#ended = Promise.all([once(this.#child, "close"), this.#readNotes()]);
  }

  /** Resolves when its client is connected and subscribed. */
  start(settings: PeerSettings): Promise<void> {
    return this.order({ do: "start", settings }, { awaited: "ready", deadlineMs: READY_MS });
  }

  /** Resolves when all that it published is confirmed or declared. */
  finish(): Promise<void> {
    return this.order({ do: "finish" }, { awaited: "finished", deadlineMs: FINISH_MS });
  }

  /** Resolves when its client is closed and its process has ended. */
  async close(): Promise<void> {
    await this.order({ do: "close" }, { awaited: "closed", deadlineMs: CLOSE_MS });
    await within(CLOSE_MS, this.#ended, () => "a peer has closed and its process does not end");
  }

  /** SIGKILL; resolves when it is dead and everything that it had noted is known. */
  async kill(): Promise<void> {
    if (!this.#hasExited) this.#child.kill("SIGKILL");
    await this.#ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  /** Resolves when the peer has reported what is awaited once more. */
  async order(
    order: PeerOrder,
    {
      awaited = "obeyed",
      deadlineMs = OBEYED_MS,
    }: { readonly awaited?: PeerReport["type"]; readonly deadlineMs?: number } = {},
  ): Promise<void> {
    const seenCount = this.#reports.length;
    this.#child.send(order);
    const look = (): boolean => {
      if (this.#reports.includes(awaited, seenCount)) return true;
      if (this.#hasExited) throw new Error(`A peer's process ended when it was to ${order.do}.`);
      return false;
    };
    await until(look, { deadlineMs, describe: () => `the peer did not report "${awaited}"` });
  }

  #heard(report: PeerReport): void {
    this.#reports.push(report.type);
    if (report.type === "closed") this.#notes.totals = report.totals;
  }

  async #readNotes(): Promise<void> {
    const pipe = this.#child.stdio[NOTES_FD];
    if (!(pipe instanceof Readable)) throw new Error("A peer has no pipe for its notes.");
    const lines = createInterface({ input: pipe });
    // One that is cut off in the middle was not noted.
    lines.on("line", (line) => line.endsWith("}") && this.#notes.add(JSON.parse(line)));
    await once(lines, "close");
  }
}
