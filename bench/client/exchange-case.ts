import { openBroker } from "@ts-tars/harness";
import type { BenchCase, Measure } from "../comparison/bench-case.ts";
import type { ExchangeContestant } from "../ends/exchange.ts";
import { percentile } from "../scorecard/figures.ts";
import type { Asked, ExchangeOrder } from "./exchange-peer.ts";
import { PeerProcess } from "./peer-process.ts";

const ROUND_TRIPS = 3_000;
const WARM_UP_SHARE = 0.5;

const P50 = "round trip p50";
const P95 = "round trip p95";
const P99 = "round trip p99";
const CPU = "asker CPU per round trip";

function measure(contestant: ExchangeContestant): Measure {
  return async ({ text, scale }) => {
    await using broker = await openBroker({ persistence: false, unheard: true });
    await using responder = new PeerProcess<ExchangeOrder>("exchange-peer.ts");
    await using asker = new PeerProcess<ExchangeOrder>("exchange-peer.ts");
    await responder.order({ do: "open", contestant, role: "responder", url: broker.url });
    await asker.order({ do: "open", contestant, role: "asker", url: broker.url });
    const count = Math.round(ROUND_TRIPS * scale);
    await asker.order({ do: "ask", count: Math.round(count * WARM_UP_SHARE), text });
    const { roundTripsMs, cpuUs } = await asker.order<Asked>({ do: "ask", count, text });
    return {
      [P50]: percentile(roundTripsMs, 50),
      [P95]: percentile(roundTripsMs, 95),
      [P99]: percentile(roundTripsMs, 99),
      [CPU]: cpuUs / count,
    };
  };
}

export const exchangeCase: BenchCase = {
  name: "request-reply",
  summary: "one question after the other, QoS 1, against MQTT.js with ids and a reply topic by hand",
  figures: [
    { name: P50, unit: "ms", better: "less" },
    { name: P95, unit: "ms", better: "less" },
    { name: P99, unit: "ms", better: "less" },
    { name: CPU, unit: "µs", better: "less" },
  ],
  ours: measure("ours"),
  other: measure("mqttjs"),
};
