/** A process that asks, or one that answers. */
import { type Asker, type ExchangeContestant, exchanges } from "../ends/exchange.ts";
import { monotonicMs } from "./monotonic.ts";
import type { Work } from "./peer-orders.ts";
import { servePeer } from "./serve-peer.ts";
import { watchWork } from "./watch-work.ts";

/** Orders of this process; one that answers only opens. */
export type ExchangeOrder =
  | {
      readonly do: "open";
      readonly contestant: ExchangeContestant;
      readonly role: "asker" | "responder";
      readonly url: string;
    }
  /** One question after the other. */
  | { readonly do: "ask"; readonly count: number; readonly text: string };

/** The work of the asker. */
export interface Asked extends Work {
  readonly roundTripsMs: readonly number[];
}

let asker: Asker | undefined;

servePeer<ExchangeOrder, never>(async (order) => {
  switch (order.do) {
    case "open": {
      const { contestant, role, url } = order;
      const options = { url, clientId: `bench-${role}` };
      if (role === "asker") asker = await exchanges[contestant].openAsker(options);
      else await exchanges[contestant].openResponder(options);
      return undefined;
    }
    case "ask":
      return ask(order);
  }
});

async function ask({ count, text }: Extract<ExchangeOrder, { do: "ask" }>): Promise<Asked> {
  if (asker === undefined) throw new Error("No asker is open.");
  const roundTripsMs: number[] = [];
  const stop = watchWork();
  for (let index = 0; index < count; index += 1) {
    const askedAtMs = monotonicMs();
    await asker.ask(text);
    roundTripsMs.push(monotonicMs() - askedAtMs);
  }
  return { ...stop(), roundTripsMs };
}
