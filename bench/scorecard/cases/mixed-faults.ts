import type { Fault, ScorecardCase, Side } from "../scorecard-case.ts";

const SIDES = ["publisher", "subscriber"] as const;

/** For both ends of a column. */
function onBoth(fault: (side: Side) => Fault): readonly Fault[] {
  return SIDES.map(fault);
}

const faults: readonly Fault[] = [
  ...onBoth((side) => ({ do: "cut_link", side, how: "cut", name: `cut ${side}`, fewest: 12, counts: "cuts" })),
  ...onBoth((side) => ({ do: "cut_link", side, how: "reset", name: `reset ${side}`, fewest: 4, counts: "cuts" })),
  ...onBoth((side) => ({ do: "half_open", side, name: `half-open ${side}`, fewest: 3, counts: "half_opens" })),
  {
    do: "restart_broker",
    signal: "SIGKILL",
    downMs: 500,
    name: "broker SIGKILL 0.5 s",
    fewest: 6,
    counts: "broker_kills",
  },
  {
    do: "restart_broker",
    signal: "SIGKILL",
    downMs: 3_000,
    name: "broker SIGKILL 3 s",
    fewest: 4,
    counts: "broker_kills",
  },
  {
    do: "restart_broker",
    signal: "SIGKILL",
    downMs: 500,
    store: "emptied",
    name: "broker loses its store",
    fewest: 3,
    counts: "broker_kills",
  },
  ...onBoth((side) => ({
    do: "lie_about_session",
    side,
    says: "present",
    name: `session gone, ${side} told it is there`,
  })),
  ...onBoth((side) => ({
    do: "lie_about_session",
    side,
    says: "absent",
    name: `session there, ${side} told it is gone`,
  })),
  { do: "redeliver", name: "PUBACKs swallowed, cut", fewest: 5 },
  { do: "misbehave", how: "slow", name: "slow handlers, cut", fewest: 3 },
  { do: "misbehave", how: "throw", name: "throwing handlers", fewest: 3 },
  { do: "misbehave", how: "hang", name: "hanging handler" },
  { do: "kill_peer", side: "publisher", clock: "real", name: "kill publisher", fewest: 3, counts: "publisher_kills" },
  {
    do: "kill_peer",
    side: "subscriber",
    clock: "real",
    name: "kill subscriber",
    fewest: 3,
    counts: "subscriber_kills",
  },
  ...onBoth((side) => ({
    do: "kill_peer",
    side,
    clock: "1970",
    name: `kill ${side}, next life in 1970`,
    fewest: 1,
    counts: `${side}_kills`,
  })),
  ...onBoth((side) => ({ do: "intrude", side, name: `second client with the ${side}'s id` })),
  { do: "throttle", name: "throttled link, stop", fewest: 3 },
];

/** Everything that can go wrong, one after the other in an order drawn by the seed, for minutes. */
export const mixedFaults: ScorecardCase = {
  name: "mixed-faults",
  summary: "every kind of fault, on publishers, subscribers and the broker, beside raw MQTT.js at its defaults",
  columns: [
    { name: "ours 5", client: "ours", publishers: ["5", "5"], subscribers: ["5", "5"] },
    { name: "ours 3.1.1", client: "ours", publishers: ["3.1.1", "3.1.1"], subscribers: ["3.1.1", "3.1.1"] },
    { name: "ours mixed", client: "ours", publishers: ["5", "3.1.1"], subscribers: ["5", "3.1.1"] },
    { name: "MQTT.js", client: "mqttjs", publishers: ["3.1.1"], subscribers: ["3.1.1"] },
  ],
  traffic: {
    messagesPerSecond: 10,
    topics: 4,
    durableTopics: 1,
    keysPerTopic: 2,
    paddingBytes: 40,
    confirmEvery: 10,
    handlerMs: 20,
    hasStops: true,
  },
  delayMs: 10,
  faults,
  fewestOfEach: 2,
  runs: 90,
  peaceMs: [1_000, 4_000],
  broker: { maxQueued: 20_000 },
  bars: [
    { figure: "lost_by_client", atMost: 0 },
    { figure: "declared_by_word", atMost: 0 },
    { figure: "refused", atMost: 0 },
    { figure: "duplicates", atMost: 0 },
    { figure: "excess_repeats", atMost: 0 },
    { figure: "out_of_order", atMost: 0 },
    { figure: "unsettled_promises", atMost: 0 },
    { figure: "acks_out_of_order", atMost: 0 },
    { figure: "stray_acks", atMost: 0 },
    { figure: "stops_late", atMost: 0 },
    { figure: "never_back", atMost: 0 },
    { figure: "contradictions", atMost: 0 },
    { figure: "strangers", atMost: 0 },
  ],
  needs: { cuts: 30, broker_kills: 10, half_opens: 5, publisher_kills: 3, subscriber_kills: 3, messages: 5_000 },
  short: { columns: ["ours mixed"], runs: 24, peaceMs: [200, 800] },
};
