/** What `tars up` prints about its services. Pure. */
import type { ServiceHealth } from "../health/health-view.ts";
import { engineOf, troubleOf } from "../health/health-view.ts";
import { renderTable } from "../table.ts";
import type { Supervision } from "./supervision.ts";

/** One service in the table. */
export interface StatusRow {
  readonly name: string;
  readonly what: string;
  readonly state: Supervision;
  readonly pid: number | undefined;
  /** What it says of itself; undefined until it was heard. */
  readonly health: ServiceHealth | undefined;
}

/** The broker as the table's first line. */
export interface BrokerRow {
  readonly kind: string;
  readonly url: string;
  readonly pid: number | undefined;
}

/** What runs where, one line each; below it one line for each that is not as it should be, and for each that shows its figures. */
export function renderStatus({ kind, url, pid }: BrokerRow, rows: readonly StatusRow[]): string {
  const broker = ["broker", kind, pid === undefined ? url : `${url} pid ${pid}`, "running"];
  const services = rows.map((row) => [
    row.name,
    row.what,
    row.pid === undefined ? "" : `pid ${row.pid}`,
    stateInWords(row.state, row.health),
    row.health === undefined || row.health.pid !== row.pid ? "" : engineOf(row.health),
  ]);
  const table = renderTable(["what", "role", "where", "state", "engine"], [broker, ...services]);
  return [table, ...rows.flatMap(remarkOn), ...rows.flatMap(figuresOf)].join("\n");
}

/** What an earlier process said is no remark on this one. */
function remarkOn({ name, state, pid, health }: StatusRow): readonly string[] {
  if (state.kind === "down") return [`✗ ${name}: ${state.cause}`];
  const trouble = health === undefined || health.pid !== pid ? "" : troubleOf(health);
  return trouble === "" ? [] : [`– ${name}: ${trouble}`];
}

function figuresOf({ name, pid, health }: StatusRow): readonly string[] {
  const told = health?.pid === pid ? health?.detail["metrics"] : undefined;
  if (typeof told !== "string") return [];
  return [told.startsWith("http") ? `  figures of ${name}: ${told}` : `  no figures of ${name}: ${told}`];
}

function stateInWords(state: Supervision, health: ServiceHealth | undefined): string {
  switch (state.kind) {
    case "running":
      return (health?.degraded.length ?? 0) > 0 ? "degraded" : "running";
    case "waiting":
      return `restarts in ${(state.delayMs / 1_000).toFixed(1)} s`;
    case "down":
      return "DOWN";
    case "starting":
    case "stopping":
    case "stopped":
      return state.kind;
  }
}

/** One line about a change; undefined when nobody needs to know. */
export function changeInWords({ name, state, pid }: Pick<StatusRow, "name" | "state" | "pid">): string | undefined {
  switch (state.kind) {
    case "running":
      return `${name} is ready${pid === undefined ? "" : ` (pid ${pid})`}`;
    case "waiting":
      return `${name}: ${firstLine(state.cause)}; it starts again in ${(state.delayMs / 1_000).toFixed(1)} s`;
    case "down":
      return `${name} is left down: ${state.cause}`;
    case "starting":
    case "stopping":
    case "stopped":
      return undefined;
  }
}

const firstLine = (text: string): string => text.split("\n", 1)[0] ?? "";
