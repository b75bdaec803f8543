import type { Fault, ScorecardCase } from "../scorecard-case.ts";

const SIGNALS = ["SIGKILL", "SIGTERM"] as const;
const SECONDS = [0.5, 5, 30] as const;

const faults: readonly Fault[] = SIGNALS.flatMap((signal) =>
  SECONDS.map((seconds) => ({
    do: "restart_broker" as const,
    name: `${signal} ${seconds} s`,
    signal,
    downMs: seconds * 1_000,
  })),
);

/** The broker goes away and comes back at the same address with its store, again and again, under traffic. */
export const brokerRestart: ScorecardCase = {
  name: "broker-restart",
  summary:
    "Mosquitto is killed or stopped under traffic and started again with its store; its port is closed meanwhile",
  columns: [
    { name: "ours 5", client: "ours", publishers: ["5"], subscribers: ["5"] },
    { name: "ours 3.1.1", client: "ours", publishers: ["3.1.1"], subscribers: ["3.1.1"] },
  ],
  traffic: {
    messagesPerSecond: 200,
    topics: 4,
    durableTopics: 0,
    keysPerTopic: 4,
    paddingBytes: 120,
    confirmEvery: 20,
    handlerMs: 0,
    hasStops: false,
  },
  delayMs: 0,
  faults,
  fewestOfEach: 3,
  runs: 20,
  peaceMs: [3_000, 9_000],
  // More than accumulates in the longest outage: the broker's own bound is not what this case is about.
  broker: { maxQueued: 20_000 },
  bars: [
    { figure: "back_p95_ms", atMost: 1_000 },
    { figure: "lost_by_client", atMost: 0 },
    { figure: "declared", atMost: 0 },
    { figure: "refused", atMost: 0 },
    { figure: "delivered_percent", atLeast: 95 },
    { figure: "duplicates", atMost: 0 },
    { figure: "out_of_order", atMost: 0 },
    { figure: "unsettled_promises", atMost: 0 },
    { figure: "contradictions", atMost: 0 },
    { figure: "strangers", atMost: 0 },
  ],
  needs: {},
  short: undefined,
};
