/** What `tars up` prints about its services. Pure. */
import type { ServiceHealth } from "../health/health-view.ts";
import { noteOf } from "../health/health-view.ts";
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

/** What runs where, one line each. */
export function renderStatus(broker: BrokerRow, rows: readonly StatusRow[]): string {
  const first = ["broker", broker.kind, broker.url, broker.pid === undefined ? "" : `pid ${broker.pid}`, ""];
  const services = rows.map(({ name, what, state, pid, health }) => [
    name,
    what,
    pid === undefined ? "" : `pid ${pid}`,
    stateInWords(state, health),
    health === undefined || health.pid !== pid ? "" : noteOf(health),
  ]);
  return renderTable(["what", "role", "where", "state", "note"], [placed(first), ...services]);
}

/** The broker's pid belongs behind its address, not under the services' states. */
const placed = ([what = "", role = "", url = "", pid = ""]: readonly string[]): readonly string[] => [
  what,
  role,
  [url, pid].filter((part) => part !== "").join(" "),
  "running",
  "",
];

function stateInWords(state: Supervision, health: ServiceHealth | undefined): string {
  switch (state.kind) {
    case "running":
      return (health?.degraded.length ?? 0) > 0 ? "degraded" : "running";
    case "waiting":
      return `restarts in ${(state.delayMs / 1_000).toFixed(1)} s`;
    case "down":
      return `DOWN: ${firstLine(state.cause)}`;
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
