import { setTimeout as delay } from "node:timers/promises";
import type { Deed } from "../scorecard-case.ts";
import type { Running, Struck } from "./running.ts";

/** The broker ends and is started again at the same address; meanwhile the port that clients dial is closed. */
export async function restartBroker(
  { signal: how, downMs, store = "same" }: Extract<Deed, { readonly do: "restart_broker" }>,
  { broker, columns, signal }: Running,
): Promise<Struck> {
  const links = columns.flatMap((column) => column.links);
  const beganAtMs = performance.now();
  await (how === "SIGKILL" ? broker.kill() : broker.stop());
  for (const link of links) link.down();
  await delay(Math.max(0, beganAtMs + downMs - performance.now()), undefined, { signal });
  await broker.start({ store });
  const portOpenAtMs = performance.now();
  await Promise.all(links.map((link) => link.up()));
  const ours = columns.filter(({ plan }) => plan.client === "ours");
  const back = new Map(
    await Promise.all(ours.map(async (column) => [column, await column.backAfter(portOpenAtMs)] as const)),
  );
  return { lastedMs: portOpenAtMs - beganAtMs, backMs: columns.map((column) => back.get(column) ?? []) };
}
