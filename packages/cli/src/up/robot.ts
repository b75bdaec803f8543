import type { HealthPing } from "@ts-tars/contracts";
import type { Client, PresenceView } from "@ts-tars/mqtt";
import { groupReplicas } from "@ts-tars/service";
import { followHealth } from "../health/follow-health.ts";
import { rowsOf, type ServiceHealth } from "../health/health-view.ts";
import type { ServiceEntry } from "../services.ts";
import type { Runner } from "./runner.ts";
import type { StatusRow } from "./status-lines.ts";
import { type Supervised, Supervisor } from "./supervisor.ts";

/** What a robot is made of. */
export interface RobotOptions {
  readonly entries: readonly ServiceEntry[];
  readonly runner: Runner;
  readonly client: Client;
  /** Told of every change of a service's supervision. */
  readonly onChange: (row: StatusRow) => void;
}

/** All services under supervision, with what they say of themselves. */
export class Robot {
  readonly #supervisors: readonly Supervisor[];
  readonly #views = new Map<string, PresenceView<HealthPing>>();
  #changed = Promise.withResolvers<void>();

  constructor(options: RobotOptions) {
    const onChange = (supervised: Supervised): void => {
      this.#wake();
      options.onChange(this.#rowOf(supervised));
    };
    this.#supervisors = options.entries.map((entry) => new Supervisor(entry, { runner: options.runner, onChange }));
    followHealth(options.client, (service, view) => {
      this.#views.set(service, view);
      this.#wake();
    });
  }

  start(): void {
    for (const supervisor of this.#supervisors) supervisor.start();
  }

  /** Stops the services one after the other, the last one started first. */
  async stop(): Promise<void> {
    for (const supervisor of this.#supervisors.toReversed()) await supervisor.stop();
  }

  get rows(): readonly StatusRow[] {
    return this.#supervisors.map(({ supervised }) => this.#rowOf(supervised));
  }

  /**
   * Resolves when each service runs and has said so in its health, or was left down; at the latest when `limit` aborts.
   */
  async settled(limit: AbortSignal): Promise<void> {
    const late = Promise.withResolvers<void>();
    limit.addEventListener("abort", () => late.resolve(), { once: true });
    while (!limit.aborted && !this.rows.every(isSettled)) await Promise.race([this.#changed.promise, late.promise]);
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  #rowOf({ entry, state, pid }: Supervised): StatusRow {
    return { name: entry.name, what: entry.what, state, pid, health: this.#healthOf(entry.name, pid) };
  }

  /** Of our own process, which may be a replica, among those that others run elsewhere. */
  #healthOf(service: string, pid: number | undefined): ServiceHealth | undefined {
    const group = groupReplicas(this.#views).get(service);
    const rows = group === undefined ? [] : rowsOf(new Map([[service, group]]), { expected: [], isAlive: () => false });
    return rows.find((row) => row.pid === pid) ?? rows[0];
  }
}

function isSettled({ state, pid, health }: StatusRow): boolean {
  return state.kind === "down" || (state.kind === "running" && health?.ok === true && health.pid === pid);
}
