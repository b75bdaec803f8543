/** Our client with everything on: contracts, envelopes, outbox, duplicates, order, acknowledgement after the handler. */
import { type Client, type ConnectOptions, connect } from "@ts-tars/mqtt";
import { defineTopic, type Topic } from "@ts-tars/mqtt/contract";
import { type EndOptions, type Ends, type Flow, type Outgoing, type Publisher, WINDOW } from "./end.ts";
import { type BenchData, type PayloadKind, Reading, ReadingList } from "./payload.ts";

/** Between two looks at the outbox. */
const STRIDE = 50;
/** A stream has no backpressure, and what waits for the socket is bounded: so many a turn of the event loop. */
const STREAM_BURST = 100;
const PATIENCE_MS = 120_000;

/** The contract of the benches: `event` at QoS 1, `stream` at QoS 0. */
export function benchTopic({ qos, payload, isKeyed = false }: ContractOptions): Topic<BenchData, BenchData, "lane"> {
  return defineTopic({
    name: "bench/{lane}",
    type: "bench.reading",
    delivery: qos === 0 ? "stream" : "event",
    payload: payload === "300 B" ? Reading : ReadingList,
    ...(isKeyed && { key: ({ key }: BenchData) => key }),
  }) as Topic<BenchData, BenchData, "lane">; // `createData` makes the items where the kind has them
}

interface ContractOptions {
  readonly qos: 0 | 1;
  readonly payload: PayloadKind;
  readonly isKeyed?: boolean;
}

export const ours: Ends = {
  openPublisher: async (options) => {
    let lost = 0;
    const onLost = (): void => {
      lost += 1;
    };
    const client = connect({
      ...plainOptions(options),
      onUndelivered: onLost,
      hooks: { onCounter: (name) => void (name === "stream_dropped" && onLost()) },
      // `room` is there under half of it: as many are unacknowledged at a time as with the others.
      outbox: { maxMessages: 2 * WINDOW },
    });
    await client.ready();
    const publish = publishTo(client, options);
    return {
      publish,
      pour: options.qos === 0 ? pourStream(publish) : pourEvents(client, { publish, options }),
      get lost() {
        return lost;
      },
      close: () => client.close(),
    };
  },
  openSubscriber: async (options, onData) => {
    const client = connect(plainOptions(options));
    const topic = benchTopic(options);
    const subscriptions = options.lanes.map((lane) =>
      client.subscribe(lane === "+" ? topic : topic.at({ lane }), ({ data }) => onData(data)),
    );
    await Promise.all(subscriptions.map(({ active }) => active));
    await client.ready();
    return { close: () => client.close() };
  },
};

function plainOptions({ url, clientId }: EndOptions): ConnectOptions {
  return { url, clientId, cleanStart: true, sessionExpirySec: 0 };
}

/** Topics are bound once, as an application does. */
function publishTo(client: Client, options: ContractOptions): Publisher["publish"] {
  const topic = benchTopic(options);
  const bound = new Map<string, ReturnType<typeof topic.at>>();
  return ({ lane, data }: Outgoing) => {
    let concrete = bound.get(lane);
    if (concrete === undefined) {
      concrete = topic.at({ lane });
      bound.set(lane, concrete);
    }
    client.publish(concrete, data);
  };
}

function pourEvents(
  client: Client,
  { publish, options }: { readonly publish: Publisher["publish"]; readonly options: ContractOptions },
): Publisher["pour"] {
  const topic = benchTopic(options).at({ lane: "room" });
  return async (flow) => {
    for (let count = 1; ; count += 1) {
      if (flow.held !== undefined) await flow.held;
      const message = flow.next();
      if (message === undefined) break;
      publish(message);
      if (count % STRIDE === 0) await client.room(topic, { timeoutMs: PATIENCE_MS });
    }
    await client.flush({ timeoutMs: PATIENCE_MS });
  };
}

function pourStream(publish: Publisher["publish"]): Publisher["pour"] {
  return async (flow: Flow) => {
    for (let count = 1; ; count += 1) {
      if (flow.held !== undefined) await flow.held;
      const message = flow.next();
      if (message === undefined) break;
      publish(message);
      if (count % STREAM_BURST === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await new Promise((resolve) => setImmediate(resolve));
  };
}
