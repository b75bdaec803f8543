/**
 * A broker, a client of ours that is subscribed to every topic, and a raw publisher. Of each topic one payload is on its way at a
 * time, so that what is observed next on that topic is what became of it, and more than one observation is one too many.
 */
import { CATALOGUE } from "@ts-tars/contracts";
import { openBroker, rawClient, within } from "@ts-tars/harness";
import { connect, type Log } from "@ts-tars/mqtt";
import type { Topic } from "@ts-tars/mqtt/contract";

/** What a handler got. */
export interface Handled {
  readonly kind: "handled";
  readonly data: unknown;
  readonly id: string;
  readonly source: string;
  readonly correlationId: string | undefined;
}

/** What became of one payload. */
export type Outcome =
  | Handled
  | { readonly kind: "cleared" }
  | { readonly kind: "refused"; readonly reason: string }
  /** By the counter of that name. */
  | { readonly kind: "counted"; readonly name: string };

export interface Range extends AsyncDisposable {
  /** @throws {DeadlineError} when nothing becomes of it. */
  shoot(topic: Topic, payload: Buffer): Promise<Outcome>;
  /** The client is on its first connection: on a second one what was not acknowledged comes again, and nothing is told apart. */
  readonly isWhole: () => boolean;
  /** Sum of a counter of the client. */
  count(name: string): number;
  /** Everything that must not happen and did: a second outcome, an error in the log, a lost connection. */
  mishaps(): readonly string[];
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
const OUTCOME_DEADLINE_MS = 60_000;

/** Starts everything; resolves when every subscription stands. */
export async function openRange(protocol: "5" | "3.1.1"): Promise<Range> {
  await using opening = new AsyncDisposableStack();
  const broker = opening.use(await openBroker());
  const publisher = opening.use(await rawClient({ url: broker.url, clientId: "fuzz-publisher" }));
  const lanes = openLanes();
  const counts = new Map<string, number>();
  const errors: string[] = [];
  const client = connect({
    url: broker.url,
    clientId: "fuzz-subject",
    protocol,
    // A machine that has no time for this process for some seconds is no fault of the contracts.
    keepaliveSec: 120,
    probeAfterMs: 60_000,
    probeTimeoutMs: 60_000,
    log: logOfErrors(errors),
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
  const isWhole = (): boolean => client.state.kind === "up" && client.state.epoch === 1;
  const owned = opening.move();
  return {
    shoot: async (topic, payload) => {
      const outcome = lanes.expect(topic.name);
      await publisher.publish(nameOf(topic), payload, { qos: topic.delivery === "stream" ? 0 : 1 });
      return await within(OUTCOME_DEADLINE_MS, outcome, () => `nothing became of a payload on ${topic.name}`);
    },
    count: (name) => counts.get(name) ?? 0,
    isWhole,
    mishaps: () => {
      const lost = isWhole() ? [] : [`a connection was lost, and the client is ${JSON.stringify(client.state)}`];
      return [...lost, ...lanes.strays(), ...errors];
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The topic that is fuzzed: parameters are filled in. */
function nameOf(topic: Topic): string {
  return topic.at(Object.fromEntries(topic.open.map((param) => [param, "fuzzed"]))).filter;
}

type Lanes = ReturnType<typeof openLanes>;

async function subscribe(
  client: ReturnType<typeof connect>,
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

/** One payload at a time for each topic, and who waits for its outcome. */
function openLanes() {
  const waiting = new Map<string, (outcome: Outcome) => void>();
  const strays: string[] = [];
  return {
    expect: (topic: string): Promise<Outcome> => {
      const { promise, resolve } = Promise.withResolvers<Outcome>();
      waiting.set(topic, resolve);
      return promise;
    },
    settle: (topic: string, outcome: Outcome): void => {
      const resolve = waiting.get(topic);
      waiting.delete(topic);
      if (resolve === undefined) strays.push(`${topic}: ${outcome.kind} once more than something was sent`);
      else resolve(outcome);
    },
    strays: (): readonly string[] => strays,
  };
}

function logOfErrors(errors: string[]): Log {
  const silent = (): void => undefined;
  return {
    debug: silent,
    info: silent,
    warn: silent,
    error: (fields, message) => {
      if (!EXPECTED_ERRORS.has(message)) errors.push(`${message} ${JSON.stringify(fields)}`);
    },
  };
}
