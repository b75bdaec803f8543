import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { guardedCommand } from "@ts-tars/broker";
import { until } from "../deadline.ts";
import type { Endpoint } from "../endpoint.ts";
import { type NatsPlan, renderNatsConfig } from "./nats-config.ts";

const PROGRAM = "nats-server";
/** A node is well only after the cluster has elected a leader, which takes seconds, on a busy machine many. */
const WELL_DEADLINE_MS = 40_000;
const LOG_LINES = 15;

/** One server of a cluster: started, killed and started again at the same ports, over the same store. */
export class NatsNode {
  readonly #plan: NatsPlan;
  readonly #directory: string;
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();

  /** `directory` holds its configuration and its log. */
  constructor(plan: NatsPlan, directory: string) {
    this.#plan = plan;
    this.#directory = directory;
  }

  get name(): string {
    return this.#plan.name;
  }

  /** For MQTT. */
  get url(): string {
    return `mqtt://${this.#plan.host}:${this.#plan.ports.mqtt}`;
  }

  /** Where a link points to. */
  get target(): Endpoint {
    return { host: this.#plan.host, port: this.#plan.ports.mqtt };
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  /** Resolves when its process runs; `well` says when it is part of the cluster. @throws when there is no such program. */
  async start(): Promise<void> {
    if (this.#child !== undefined) throw new Error(`${this.name} runs already.`);
    await mkdir(this.#plan.storeDirectory, { recursive: true });
    const file = join(this.#directory, `${this.name}.conf`);
    await writeFile(file, renderNatsConfig(this.#plan), { mode: 0o600 });
    // Its own words are in its log file; a process group of its own, so that a Ctrl-C ends the clients first.
    const [command, ...args] = await guardedCommand(PROGRAM);
    const child = spawn(command, [...args, "-c", file], { stdio: "ignore", detached: true });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", (cause) => reject(new Error(`Could not start ${PROGRAM}: ${cause.message}`, { cause })));
    });
    this.#child = child;
    this.#exited = new Promise((resolve) => {
      child.once("exit", () => {
        if (this.#child === child) this.#child = undefined;
        resolve();
      });
    });
  }

  /**
   * Resolves when the node says that it belongs to the cluster. It says more on demand, that all it keeps has caught up; under
   * steady traffic that may be never. @throws with its last words when it does not.
   */
  async well(): Promise<void> {
    const look = async (): Promise<boolean> => {
      if (this.#child === undefined) throw new Error(`${this.name} ended.\n${await this.#lastWords()}`);
      return await this.#isWell();
    };
    await until(look, { deadlineMs: WELL_DEADLINE_MS, describe: () => `${this.name} is not part of its cluster` });
  }

  /** What the server says of itself at `path`, as JSON. */
  async ask(path: string): Promise<unknown> {
    const response = await fetch(`http://${this.#plan.host}:${this.#plan.ports.monitor}/${path}`);
    return await response.json();
  }

  /** SIGKILL; resolves when it has ended. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#exited;
  }

  async #isWell(): Promise<boolean> {
    try {
      const response = await fetch(`http://${this.#plan.host}:${this.#plan.ports.monitor}/healthz?js-server-only=true`);
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false; // it does not listen yet
    }
  }

  async #lastWords(): Promise<string> {
    const text = await readFile(this.#plan.logFile, "utf8").catch(() => "");
    return text.trimEnd().split("\n").slice(-LOG_LINES).join("\n");
  }
}
