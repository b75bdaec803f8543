import { paintFor } from "../colour.ts";
import { type CommonOptions, type Context, sayJson, sayLine } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { areAllThere, engineOf, type ServiceHealth, troubleOf } from "../health/health-view.ts";
import { lookAtHealth } from "../health/look-at-health.ts";
import { withClient } from "../open-client.ts";
import { renderTable } from "../table.ts";

/** Options of `tars health`. */
export interface HealthOptions extends CommonOptions {
  readonly waitSec: number;
}

/** Shows how every service is; the exit code says whether all are well, which a service is while one of its replicas is. */
export async function health(context: Context, options: HealthOptions): Promise<ExitCode> {
  const rows = await withClient(context, options, (client, { run }) =>
    lookAtHealth(client, { context, run, waitMs: options.waitSec * 1_000 }),
  );
  if (options.json === true) sayJson(context, rows);
  else
    sayLine(context, rows.length === 0 ? "No service has ever said anything at this broker." : tableOf(context, rows));
  return areAllThere(rows) ? EXIT.ok : EXIT.failed;
}

function tableOf(context: Context, rows: readonly ServiceHealth[]): string {
  const paint = paintFor(context);
  const text = renderTable(
    ["service", "state", "pid", "version", "session", "engine"],
    rows.map((row) => [
      row.service,
      row.ok ? (row.event ?? "ok") : `NOT OK (${row.event ?? "silent"})`,
      row.pid === undefined ? "-" : String(row.pid),
      row.version ?? "-",
      row.session_state,
      engineOf(row),
    ]),
  );
  const [head = "", ...lines] = text.split("\n");
  const coloured = lines.map((line, index) => (rows[index]?.ok === true ? line : paint.red(line)));
  const troubles = rows
    .filter((row) => troubleOf(row) !== "")
    .map((row) => (row.ok ? paint.yellow : paint.red)(`${row.ok ? "–" : "✗"} ${row.service}: ${troubleOf(row)}`));
  return [paint.bold(head), ...coloured, ...troubles].join("\n");
}
