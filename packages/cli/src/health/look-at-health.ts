import type { Client } from "@ts-tars/mqtt";
import { groupReplicas } from "@ts-tars/service";
import type { Context } from "../context.ts";
import { retainedArrived } from "../retained.ts";
import type { RunFile } from "../run-file.ts";
import { SERVICES } from "../services.ts";
import { followHealth, serviceOf } from "./follow-health.ts";
import { rowsOf, type ServiceHealth } from "./health-view.ts";

/** What to look at. */
export interface LookOptions {
  readonly context: Context;
  /** The robot that runs on this machine: its services are expected, and its pids are proof of life. */
  readonly run: RunFile | undefined;
  /** Listen so long for live messages; each service repeats its health every 15 s. */
  readonly waitMs: number;
}

/** How every service is, from what is retained and what is heard live. */
export async function lookAtHealth(
  client: Client,
  { context, run, waitMs }: LookOptions,
): Promise<readonly ServiceHealth[]> {
  const reader = followHealth(client);
  await reader.active;
  await retainedArrived(client, () => reader.all().size);
  if (waitMs > 0) await pause(waitMs, context.stop);
  const views = new Map([...reader.all()].map(([topic, view]) => [serviceOf(topic), view]));
  await reader.stop();
  return rowsOf(groupReplicas(views), {
    expected: run === undefined ? [] : SERVICES.map(({ name }) => name),
    isAlive: (service, pid) => run?.services[service] === pid && context.isAlive(pid),
  });
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    stop.addEventListener("abort", () => resolve(clearTimeout(timer)), { once: true });
  });
}
