/** Throughput, CPU and latency over a real broker; bars and aims are "Speed and size" of the client's design. */
import type { BenchCase } from "../comparison/bench-case.ts";
import type { FigureSpec } from "../comparison/figure.ts";
import type { Contestant } from "../ends/end.ts";
import {
  type FlowLoad,
  flow,
  LOOP_LAG,
  MAX,
  ONE_TO_ONE,
  P50,
  P95,
  P99,
  PUBLISHER_CPU,
  RATE,
  SUBSCRIBER_CPU,
} from "./measure-flow.ts";

type Limits = Pick<FigureSpec, "bar" | "aim">;

/** What is demanded of a flow as fast as it goes. */
interface FlowLimits {
  readonly rate?: Limits;
  readonly publisher?: Limits;
  readonly subscriber?: Limits;
}

const OPPONENTS: Readonly<Record<Exclude<Contestant, "ours">, string>> = {
  mqttjs: "MQTT.js at its defaults",
  mqttjs_tuned: "MQTT.js tuned",
};

function throughput({ rate, publisher, subscriber }: FlowLimits): readonly FigureSpec[] {
  return [
    { name: RATE, unit: "msg/s", better: "more", ...rate },
    { name: PUBLISHER_CPU, unit: "µs", better: "less", ...publisher },
    { name: SUBSCRIBER_CPU, unit: "µs", better: "less", ...subscriber },
    { name: LOOP_LAG, unit: "ms", better: "less" },
  ];
}

function flowCase(
  name: string,
  {
    load,
    limits = {},
    against = "mqttjs",
    summary,
  }: {
    readonly load: Partial<FlowLoad>;
    readonly summary: string;
    readonly limits?: FlowLimits;
    readonly against?: Exclude<Contestant, "ours">;
  },
): BenchCase {
  return {
    name,
    summary: `${summary}, against ${OPPONENTS[against]}`,
    figures: throughput(limits),
    ours: flow({ ...ONE_TO_ONE, ...load }),
    other: flow({ ...ONE_TO_ONE, ...load, contestant: against }),
  };
}

/** The client must not be what keeps a loop from turning. */
const MAX_LOOP_LAG_MS = 5;

function latencyCase(perSecond: number, seconds: number): BenchCase {
  const load = { ...ONE_TO_ONE, perSecond, messageCount: perSecond * seconds };
  return {
    name: `latency-${perSecond}`,
    summary: `publish to handler, 300 B, QoS 1, ${perSecond} messages a second, against ${OPPONENTS.mqttjs}`,
    figures: [
      { name: P50, unit: "ms", better: "less", bar: 1, aim: 0.85 },
      { name: P95, unit: "ms", better: "less", bar: 1, aim: 0.8 },
      { name: P99, unit: "ms", better: "less", bar: 1, aim: 0.7 },
      { name: MAX, unit: "ms", better: "less" },
      { name: LOOP_LAG, unit: "ms", better: "less", limit: MAX_LOOP_LAG_MS },
      { name: PUBLISHER_CPU, unit: "µs", better: "less" },
      { name: SUBSCRIBER_CPU, unit: "µs", better: "less" },
    ],
    ours: flow(load),
    other: flow({ ...load, contestant: "mqttjs" }),
  };
}

const SUBSCRIBER: Limits = { bar: 1.1, aim: 0.9 };
const LARGE: Limits = { bar: 1.1, aim: 1 };

export const flowCases: readonly BenchCase[] = [
  flowCase("throughput-qos0", {
    summary: "300 B, QoS 0",
    load: { qos: 0 },
    limits: { rate: { bar: 1, aim: 1.15 }, publisher: { bar: 0.8, aim: 0.6 }, subscriber: SUBSCRIBER },
  }),
  flowCase("throughput-qos1", {
    summary: "300 B, QoS 1",
    load: {},
    limits: { rate: { bar: 1.15, aim: 1.4 }, publisher: { bar: 0.7, aim: 0.55 }, subscriber: SUBSCRIBER },
  }),
  flowCase("throughput-qos0-tuned", { summary: "300 B, QoS 0", load: { qos: 0 }, against: "mqttjs_tuned" }),
  flowCase("throughput-qos1-tuned", {
    summary: "300 B, QoS 1",
    load: {},
    limits: { rate: { bar: 0.95, aim: 1.1 } },
    against: "mqttjs_tuned",
  }),
  flowCase("throughput-20kB", {
    summary: "20 kB, an array of objects, QoS 1",
    load: { payload: "20 kB", messageCount: 3_000 },
    limits: { publisher: LARGE, subscriber: LARGE },
  }),
  flowCase("throughput-50-clients", {
    summary: "300 B, QoS 1, 50 publishing clients in one process, 50 subscribing ones in another, a topic each",
    load: { publisherCount: 50, subscriberCount: 50, topicCount: 50 },
  }),
  flowCase("fan-out-20", {
    summary: "300 B, QoS 1, one publisher, 20 subscribing clients in one process",
    load: { subscriberCount: 20, messageCount: 2_000 },
  }),
  latencyCase(100, 10),
  latencyCase(1_000, 5),
];
