import type { Client } from "@ts-tars/mqtt";
import type { Context } from "../context.ts";
import { ServiceMissingError } from "../errors.ts";
import type { ServiceHealth } from "../health/health-view.ts";
import { lookAtHealth } from "../health/look-at-health.ts";
import type { Route } from "../open-client.ts";

/** The health of a service that is there, well or not. @throws {ServiceMissingError} when it is not. */
export async function findRunning(
  client: Client,
  service: string,
  { context, run }: { readonly context: Context; readonly run: Route["run"] },
): Promise<ServiceHealth> {
  const rows = await lookAtHealth(client, { context, run, waitMs: 0 });
  const health = rows.find((row) => row.service === service);
  const isThere = health?.session_state === "verified" || health?.session_state === "unverified";
  if (health !== undefined && isThere) return health;
  const why = health?.err ?? "it has never said anything at this broker.";
  throw new ServiceMissingError(service, `${why} What it reads at its next start: tars config set --file ${service} …`);
}
