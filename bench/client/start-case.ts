import { openBroker } from "@ts-tars/harness";
import type { BenchCase, Measure } from "../comparison/bench-case.ts";
import type { ExchangeContestant } from "../ends/exchange.ts";
import { PeerProcess } from "./peer-process.ts";
import type { Started, StartOrder } from "./start-peer.ts";

const IMPORT = "loading the library";
const CONNECT = "connect to CONNACK";
const RSS = "memory when connected";

function measure(contestant: ExchangeContestant): Measure {
  return async () => {
    await using broker = await openBroker({ persistence: false, unheard: true });
    await using peer = new PeerProcess<StartOrder>("start-peer.ts");
    const { importMs, connectMs, rssBytes } = await peer.order<Started>({ do: "connect", contestant, url: broker.url });
    return { [IMPORT]: importMs, [CONNECT]: connectMs, [RSS]: rssBytes / 1024 ** 2 };
  };
}

/** Ours is loaded from its sources, with the types stripped on the way, as services load it; MQTT.js is built. */
export const startCase: BenchCase = {
  name: "start-up",
  summary: "a new process to its first CONNACK, ours from its TypeScript sources, against MQTT.js at its defaults",
  figures: [
    { name: IMPORT, unit: "ms", better: "less" },
    { name: CONNECT, unit: "ms", better: "less" },
    { name: RSS, unit: "MiB", better: "less" },
  ],
  ours: measure("ours"),
  other: measure("mqttjs"),
};
