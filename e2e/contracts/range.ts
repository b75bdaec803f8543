/**
 * A broker, a client of ours that is subscribed to every topic, and a raw publisher, each on its first connection. Of each topic one
 * payload is on its way at a time, so that what is observed next on that topic is what became of it, and more than one observation is
 * one too many. With the first connection all of that ends: a second one brings again what was not acknowledged.
 */
import { CATALOGUE } from "@ts-tars/contracts";
import { DeadlineError, openBroker, rawClient, type TestBroker, within } from "@ts-tars/harness";
import { type Client, connect, type Log } from "@ts-tars/mqtt";
import type { Topic } from "@ts-tars/mqtt/contract";
import { type Handled, type Interrupted, type Lanes, type Outcome, openLanes } from "./lanes.ts";

export interface Range extends AsyncDisposable {
  /** `interrupted` when a connection is lost before anything became of it, or nothing did for a minute. */
  shoot(topic: Topic, payload: Buffer): Promise<Outcome | Interrupted>;
  /** Everything that must not happen and did, up to an interruption: a second outcome, a letter missing, an error in the log. */
  mishaps(): readonly string[];
}

export interface RangeOptions {
  readonly protocol: "5" | "3.1.1";
  /** Where the client dials instead of the broker, for faults on its way there. */
  readonly dial?: (broker: TestBroker) => Promise<string>;
  /** How long a payload may take. */
  readonly outcomeDeadlineMs?: number;
}

/** Counters that say what became of a message which no handler got, beside `messages_refused`. */
const ENDS = new Set([
  ...[
    "failed_replies_skipped",
    "duplicates_suppressed",
    "expired_inbound",
    "inbound_dropped",
    "retained_refused",
    "orphans",
  ],
]);
/** Letters beyond the rate are lost as promised; a busy machine may stop this process, which the client says too. */
const EXPECTED_ERRORS = new Set(["dead letter lost", "event loop blocked"]);
/** A machine that has no time for this process for some seconds is no fault of the contracts. */
const PATIENCE_SEC = 120;
const OUTCOME_DEADLINE_MS = 60_000;

/** Starts everything; resolves when every subscription stands. */
export async function openRange({ protocol, dial, outcomeDeadlineMs }: RangeOptions): Promise<Range> {
  await using opening = new AsyncDisposableStack();
  // It has nothing to outlive; with a store Mosquitto writes all of its dead letters down at each message.
  const broker = opening.use(await openBroker({ persistence: false }));
  const lanes = openLanes();
  const counts = new Map<string, number>();
  const errors: string[] = [];
  const client = connect({
    url: dial === undefined ? broker.url : await dial(broker),
    clientId: "fuzz-subject",
    protocol,
    keepaliveSec: PATIENCE_SEC,
    probeAfterMs: (PATIENCE_SEC / 2) * 1_000,
    probeTimeoutMs: (PATIENCE_SEC / 2) * 1_000,
    log: logOfErrors((error) => {
      if (lanes.interruption === undefined) errors.push(error);
    }),
    hooks: {
      onCounter: (name, delta, labels) => {
        counts.set(name, (counts.get(name) ?? 0) + delta);
        const { topic = "", reason = "" } = labels;
        if (name === "messages_refused") lanes.settle(topic, { kind: "refused", reason });
        else if (ENDS.has(name)) lanes.settle(topic, { kind: "counted", name });
      },
    },
  });
  opening.use(client);
  await Promise.all(CATALOGUE.map((topic) => subscribe(client, { topic, lanes })));
  void firstChange(client).then((state) => lanes.interrupt(`the client was ${state}`));
  const publisher = opening.use(
    await rawClient({ url: broker.url, clientId: "fuzz-publisher", mqttOptions: { keepalive: PATIENCE_SEC } }),
  );
  publisher.mqtt.once("close", () => lanes.interrupt("the publisher lost its connection"));
  const owned = opening.move();
  const count = (name: string): number => counts.get(name) ?? 0;
  return {
    shoot: async (topic, payload) => {
      const outcome = lanes.expect(topic.name);
      publisher
        .publish(nameOf(topic), payload, { qos: topic.delivery === "stream" ? 0 : 1 })
        .catch((error: unknown) => lanes.interrupt(`nothing can be published: ${error}`));
      return await orSilence(outcome, { topic, lanes, deadlineMs: outcomeDeadlineMs ?? OUTCOME_DEADLINE_MS });
    },
    mishaps: () => {
      // Each refusal is buried, or dropped where nothing is (QoS 0, and letters themselves): no third way.
      const [refused, ended] = [count("messages_refused"), count("dead_letters") + count("messages_dropped")];
      const imbalance = refused === ended ? [] : [`${refused} were refused, and ${ended} buried or dropped`];
      return [...lanes.strays, ...errors, ...imbalance];
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** What became of it; when nothing does in time, what comes later could be taken for that of the next one. */
async function orSilence(
  outcome: Promise<Outcome | Interrupted>,
  { topic, lanes, deadlineMs }: { readonly topic: Topic; readonly lanes: Lanes; readonly deadlineMs: number },
): Promise<Outcome | Interrupted> {
  try {
    return await within(deadlineMs, outcome);
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    const why = `nothing became of a payload on ${topic.name} within ${deadlineMs / 1_000} s`;
    lanes.interrupt(why);
    return { kind: "interrupted", why, isSilence: true };
  }
}

/** The state after the one it is in, of either link. It is known before a new connection can bring anything. */
async function firstChange(client: Client): Promise<string> {
  const steady = client.state;
  for await (const state of client.watch()) if (state !== steady) return describe(state);
  return "closed";
}

function describe(state: Client["state"]): string {
  if (state.kind === "down") return `down: ${state.error.message}`;
  return state.kind === "up" ? `up, its control link ${state.control}` : state.kind;
}

/** The topic that is fuzzed: parameters are filled in. */
function nameOf(topic: Topic): string {
  return topic.at(Object.fromEntries(topic.open.map((param) => [param, "fuzzed"]))).filter;
}

async function subscribe(
  client: Client,
  { topic, lanes }: { readonly topic: Topic; readonly lanes: Lanes },
): Promise<void> {
  const name = nameOf(topic);
  const handle = (message: Omit<Handled, "kind"> & { readonly topic: string; readonly cleared?: boolean }): void => {
    // The client's own letters come on `dead/+/+` too.
    if (message.topic !== name) return;
    const { data, id, source, correlationId } = message;
    lanes.settle(
      topic.name,
      message.cleared === true ? { kind: "cleared" } : { kind: "handled", data, id, source, correlationId },
    );
  };
  const isState = topic.delivery === "state";
  await (isState ? client.subscribeState(topic, handle) : client.subscribe(topic, handle)).active;
}

function logOfErrors(onError: (error: string) => void): Log {
  const silent = (): void => undefined;
  return {
    debug: silent,
    info: silent,
    warn: silent,
    error: (fields, message) => {
      if (!EXPECTED_ERRORS.has(message)) onError(`${message} ${JSON.stringify(fields)}`);
    },
  };
}
