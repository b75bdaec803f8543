/** Brings a fault about, in all columns at once, and takes it back. */
import { setTimeout as delay } from "node:timers/promises";
import type { Column } from "../column.ts";
import type { Deed, Fault, Side } from "../scorecard-case.ts";
import type { Seat } from "../seat.ts";
import { redeliver, throttle } from "./link.ts";
import { restartBroker } from "./restart-broker.ts";
import type { Running, Struck } from "./running.ts";
import { intrude, lieAboutSession } from "./session.ts";

/** So long nothing of a publisher gets through before it is killed: what it takes with it. */
const STALLED_MS = 1_000;
/** Between the order to be slow and what happens then: long enough for messages to wait behind running handlers. */
const SLOW_BEFORE_MS = 1_500;
/** Until a client of ours has noticed, at its default settings, that nothing comes any more. */
const FOUND_OUT_MS = 12_000;
/** Between two lives of a process. */
const DEAD_MS = 300;

/** Resolves when our clients are connected again. */
export async function strike(fault: Fault, running: Running): Promise<Struck> {
  if (fault.do === "restart_broker") return restartBroker(fault, running);
  const beganAtMs = performance.now();
  await Promise.all(running.columns.map((column) => strikeColumn(fault, { column, running })));
  return { lastedMs: performance.now() - beganAtMs, backMs: [] };
}

interface Aim {
  readonly column: Column;
  readonly running: Running;
}

/** Waits for clients of ours only: raw MQTT.js takes a minute and more to notice some of it. */
async function strikeColumn(deed: Exclude<Deed, { readonly do: "restart_broker" }>, aim: Aim): Promise<void> {
  const { column, running } = aim;
  if (deed.do === "throttle") return throttle(column, running.lot);
  const seat = column.drawn(sideOf(deed), running.lot);
  const sinceMs = performance.now();
  const isAway = await strikeSeat(deed, { seat, running });
  if (!isAway || column.plan.client !== "ours") return;
  if (!(await seat.isBackAfter(sinceMs))) column.neverBackCount += 1;
}

function sideOf(deed: Deed): Side {
  return "side" in deed ? deed.side : "subscriber";
}

/** Resolves with whether the client has lost its connection. */
async function strikeSeat(
  deed: Exclude<Deed, { readonly do: "restart_broker" | "throttle" }>,
  { seat, running: { broker, signal } }: { readonly seat: Seat; readonly running: Running },
): Promise<boolean> {
  switch (deed.do) {
    case "cut_link":
      seat.link[deed.how]();
      return true;
    case "half_open":
      seat.link.halfOpen();
      // Raw MQTT.js finds out after a minute and a half; it is helped, so that it meets the faults that follow.
      if (seat.plan.client !== "ours") await delay(FOUND_OUT_MS, undefined, { signal }).then(() => seat.link.cut());
      return true;
    case "lie_about_session":
      await lieAboutSession(seat, { says: deed.says, target: broker.target });
      return true;
    case "redeliver":
      await redeliver(seat);
      return true;
    case "intrude":
      await intrude(seat, broker.target);
      return true;
    case "misbehave":
      await seat.peer.order({ do: "misbehave", how: deed.how });
      if (deed.how !== "slow") return false;
      await delay(SLOW_BEFORE_MS, undefined, { signal });
      seat.link.cut();
      return true;
    case "kill_peer":
      await (deed.side === "subscriber" ? killSubscriber(seat, signal) : killPublisher(seat, signal));
      await delay(DEAD_MS, undefined, { signal });
      await seat.revive(deed.clock);
      return true;
  }
}

/** With messages that wait behind running handlers. */
async function killSubscriber(seat: Seat, signal: AbortSignal): Promise<void> {
  await seat.peer.order({ do: "misbehave", how: "slow" });
  await delay(SLOW_BEFORE_MS, undefined, { signal });
  await seat.kill();
}

/** With messages that `publish` has taken and that never came to the broker. */
async function killPublisher(seat: Seat, signal: AbortSignal): Promise<void> {
  seat.link.stall("up");
  await delay(STALLED_MS, undefined, { signal });
  await seat.kill();
  seat.link.cut();
  seat.link.resume("up");
}
