/** Many clients come back to a broker that was away, all with default settings. */
import { connect as connectTcp } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { openBroker } from "@ts-tars/harness";
import type { BenchCase, Measure } from "../comparison/bench-case.ts";
import type { ExchangeContestant } from "../ends/exchange.ts";
import { percentile } from "../scorecard/figures.ts";
import { monotonicMs } from "./monotonic.ts";
import { PeerProcess } from "./peer-process.ts";
import type { StormOrder } from "./storm-peer.ts";

const CLIENTS = 50;
const PROBE_EVERY_MS = 5;
const MAX_BACK_MS = 1_000;
/** So long the connections stand before, as those of a robot do. */
const STOOD_MS = 2_500;

const P50 = "back p50";
const P95 = "back p95";
const MAX = "back max";

function measure(contestant: ExchangeContestant, outageMs: number): Measure {
  return async ({ signal }) => {
    await using broker = await openBroker({ persistence: false, unheard: true });
    await using storm = new PeerProcess<StormOrder>("storm-peer.ts");
    await storm.order({ do: "open", contestant, url: broker.url, clientCount: CLIENTS });
    await sleep(STOOD_MS, undefined, { signal });
    await broker.kill();
    await storm.order({ do: "notice" });
    await sleep(outageMs, undefined, { signal });
    const [portOpenAtMs] = await Promise.all([whenPortOpens(broker.port), broker.start()]);
    const backAtMs = await storm.order<readonly number[]>({ do: "return" });
    const tookMs = backAtMs.map((atMs) => Math.max(0, atMs - portOpenAtMs));
    return { [P50]: percentile(tookMs, 50), [P95]: percentile(tookMs, 95), [MAX]: percentile(tookMs, 100) };
  };
}

/** The first moment at which the port was seen to accept: what happens before is the broker's time. */
async function whenPortOpens(port: number): Promise<number> {
  for (;;) {
    const atMs = monotonicMs();
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connectTcp({ host: "127.0.0.1", port });
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (isOpen) return atMs;
    await sleep(PROBE_EVERY_MS);
  }
}

function stormCase(seconds: number, pairCount: number): BenchCase {
  return {
    name: `storm-${seconds}s`,
    summary: `port open to CONNACK, ${CLIENTS} clients, broker killed and away for ${seconds} s, against MQTT.js at its defaults`,
    figures: [
      { name: P50, unit: "ms", better: "less" },
      { name: P95, unit: "ms", better: "less", limit: MAX_BACK_MS },
      { name: MAX, unit: "ms", better: "less" },
    ],
    ours: measure("ours", seconds * 1_000),
    other: measure("mqttjs", seconds * 1_000),
    pairCount,
  };
}

/** Each measurement has fifty samples; long outages are measured less often. */
export const stormCases: readonly BenchCase[] = [stormCase(0.5, 4), stormCase(5, 3), stormCase(30, 2)];
