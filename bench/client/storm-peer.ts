/** A process with many clients that lose their broker together, each with the default settings, and says when each is back. */
import { connect } from "@ts-tars/mqtt";
import mqtt from "mqtt";
import type { ExchangeContestant } from "../ends/exchange.ts";
import { monotonicMs } from "./monotonic.ts";
import { servePeer } from "./serve-peer.ts";

export type StormOrder =
  /** Resolves when all are connected. */
  | { readonly do: "open"; readonly contestant: ExchangeContestant; readonly url: string; readonly clientCount: number }
  /** Resolves when all have lost their connection. */
  | { readonly do: "notice" }
  /** Resolves when all have been connected since `notice`: their moments, monotonic milliseconds of the machine. */
  | { readonly do: "return" };

let backAtMs: readonly (readonly number[])[] = [];
let lost = 0;
let waiting: { readonly isDone: () => boolean; readonly done: () => void } | undefined;

servePeer<StormOrder, never>(async (order) => {
  switch (order.do) {
    case "open":
      backAtMs = Array.from({ length: order.clientCount }, (_, index) => openClient(order, index));
      await reached(() => backAtMs.every((moments) => moments.length > 0));
      return undefined;
    case "notice":
      await reached(() => lost >= backAtMs.length);
      return undefined;
    case "return":
      await reached(() => backAtMs.every((moments) => moments.length > 1));
      return backAtMs.map((moments) => moments.at(-1));
  }
});

/** The moments of its CONNACKs, growing. */
function openClient({ contestant, url }: Extract<StormOrder, { do: "open" }>, index: number): readonly number[] {
  const moments: number[] = [];
  const up = (): void => {
    moments.push(monotonicMs());
    look();
  };
  const down = (): void => {
    lost += 1;
    look();
  };
  const clientId = `bench-storm-${index}`;
  if (contestant === "ours") void watchOurs({ url, clientId }, { up, down });
  else
    mqtt
      .connect(url, { clientId })
      .on("connect", up)
      .on("close", down)
      .on("error", () => undefined);
  return moments;
}

async function watchOurs(
  options: { readonly url: string; readonly clientId: string },
  { up, down }: { readonly up: () => void; readonly down: () => void },
): Promise<void> {
  let wasUp = false;
  for await (const { kind } of connect(options).watch()) {
    if (kind === "up" && !wasUp) up();
    else if (kind !== "up" && wasUp) down();
    wasUp = kind === "up";
  }
}

function reached(isDone: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    waiting = { isDone, done: resolve };
    look();
  });
}

function look(): void {
  if (waiting?.isDone() !== true) return;
  waiting.done();
  waiting = undefined;
}
