/** What the client costs without a network: ours beside MQTT.js on the same fake stream, and ours under a heavier load. */
import type { BenchCase, Measure } from "../comparison/bench-case.ts";
import type { FigureSpec } from "../comparison/figure.ts";
import { measureInProcess } from "./fork-run.ts";
import type { InProcessRun } from "./in-process-run.ts";

const MESSAGES = 100_000;
const LARGE_MESSAGES = 4_000;
/** Long enough for the optimising compiler, and for the first collections of the old generation. */
const WARM_UP_SHARE = 0.5;
const MANY = 1_000;

const ONE: Omit<InProcessRun, "text" | "warmUpCount" | "messageCount"> = {
  contestant: "ours",
  side: "publish",
  qos: 1,
  payload: "300 B",
  filterCount: 1,
  isWildcard: false,
  topicCount: 1,
  isKeyed: false,
  keyCount: 1,
};

type Part = Partial<typeof ONE>;

function measure(part: Part): Measure {
  return async ({ text, scale, signal }) => {
    const { cpuUs, messagesPerSecond } = await measureInProcess(runOf(part, { text, scale }), signal);
    return { [CPU]: cpuUs, [RATE]: messagesPerSecond };
  };
}

function runOf(part: Part, { text, scale }: { readonly text: string; readonly scale: number }): InProcessRun {
  const run = { ...ONE, ...part };
  const messageCount = Math.round((run.payload === "20 kB" ? LARGE_MESSAGES : MESSAGES) * scale);
  return { ...run, text, messageCount, warmUpCount: Math.round(messageCount * WARM_UP_SHARE) };
}

const CPU = "CPU per message";
const RATE = "messages per second";

function figures(limits: Pick<FigureSpec, "bar" | "aim">): readonly FigureSpec[] {
  return [
    { name: CPU, unit: "µs", better: "less", ...limits },
    { name: RATE, unit: "msg/s", better: "more" },
  ];
}

function clientCase(name: ClientLoad, limits: Pick<FigureSpec, "bar" | "aim"> = {}): BenchCase {
  const part = CLIENT_LOADS[name];
  return {
    name,
    summary: `client only, ${{ ...ONE, ...part }.payload}, against MQTT.js at its defaults`,
    figures: figures(limits),
    ours: measure(part),
    other: measure({ ...part, contestant: "mqttjs" }),
  };
}

function growthCase(
  name: string,
  { summary, one, many }: { readonly summary: string; readonly one: Part; readonly many: Part },
): BenchCase {
  return { name, summary, figures: figures({ bar: 1.15 }), ours: measure({ ...one, ...many }), other: measure(one) };
}

const RECEIVE: Part = { side: "receive" };

const CLIENT_LOADS = {
  "client-publish-qos0": { qos: 0 },
  "client-publish-qos1": {},
  "client-receive-qos0": { ...RECEIVE, qos: 0 },
  "client-receive-qos1": RECEIVE,
  "client-publish-20kB": { payload: "20 kB" },
  "client-receive-20kB": { ...RECEIVE, payload: "20 kB" },
} satisfies Readonly<Record<string, Part>>;
type ClientLoad = keyof typeof CLIENT_LOADS;

/** The loads of the client alone, by the names of their cases. */
export const clientLoads: ReadonlyMap<string, Part> = new Map(Object.entries(CLIENT_LOADS));

/** One run of such a load, as long as in the bench, that says where the time went. */
export function profiledRun(part: Part, { contestant, text }: Pick<InProcessRun, "contestant" | "text">): InProcessRun {
  return { ...runOf({ ...part, contestant }, { text, scale: 1 }), isProfiled: true };
}

/** Bars and aims of the client alone: "Speed and size" of its design. */
export const inProcessCases: readonly BenchCase[] = [
  clientCase("client-publish-qos0", { bar: 0.75, aim: 0.6 }),
  clientCase("client-publish-qos1", { bar: 0.4, aim: 0.25 }),
  clientCase("client-receive-qos0", { bar: 1.05, aim: 0.9 }),
  clientCase("client-receive-qos1", { bar: 0.8, aim: 0.6 }),
  clientCase("client-publish-20kB"),
  clientCase("client-receive-20kB"),
  growthCase("growth-filters", {
    summary: `received through one of ${MANY} subscriptions, against the only one`,
    one: RECEIVE,
    many: { filterCount: MANY },
  }),
  growthCase("growth-topics", {
    summary: `received on ${MANY} topics in turn, against one, by one wildcard`,
    one: { ...RECEIVE, isWildcard: true },
    many: { topicCount: MANY },
  }),
  growthCase("growth-keys", {
    summary: `received with ${MANY} keys in turn, against one, ordered by key`,
    one: { ...RECEIVE, isKeyed: true },
    many: { keyCount: MANY },
  }),
  growthCase("growth-published-topics", {
    summary: `published to ${MANY} topics in turn, against one`,
    one: {},
    many: { topicCount: MANY },
  }),
];
