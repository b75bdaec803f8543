/** A process that publishes at a steady pace through our client, whatever becomes of its connection. */
import { type Client, connect } from "@ts-tars/mqtt";
import { startPace } from "./pace.ts";
import { countConnections, type Notebook, runPeer } from "./peer.ts";
import type { PeerSettings } from "./peer-messages.ts";
import { nameOf, quietTopic, type TrafficData, trafficTopic } from "./traffic-topic.ts";

/** Longer than the longest outage and the backlog after it: a timeout would take the message back. */
const CONFIRM_TIMEOUT_MS = 300_000;
const FLUSH_TIMEOUT_MS = 60_000;
const FLUSH_EVERY_MS = 1_000;

runPeer(async (settings, notebook) => {
  const { protocol, url, clientId, column, traffic } = settings;
  const names = new Map<string, string>();
  const client = connect({
    url,
    clientId,
    protocol,
    log: notebook.log,
    hooks: notebook.hooks,
    onUndelivered: ({ id, reason }) => {
      const message = names.get(id);
      if (message !== undefined) notebook.declared({ message, reason });
    },
  });
  const quiet = client.subscribe(quietTopic(column), () => undefined);
  void notebook.watch(client.closed);
  await notebook.watch(client.ready());
  await notebook.watch(quiet.active);
  const send = sender({ client, settings, notebook, names });
  const stopTraffic = startPace({ perSecond: traffic.messagesPerSecond, act: () => send() });
  // Times out during an outage, and must say so.
  const flushing = setInterval(() => void notebook.watch(client.flush()).catch(() => undefined), FLUSH_EVERY_MS);
  return {
    connectionCount: () => countConnections(client),
    finish: async () => {
      stopTraffic();
      clearInterval(flushing);
      for (let key = 0; key < traffic.topics * traffic.keysPerTopic; key += 1) send();
      await notebook.watch(client.flush({ timeoutMs: FLUSH_TIMEOUT_MS }));
    },
    close: () => notebook.watch(client.close()),
  };
});

interface SenderDeps {
  readonly client: Client;
  readonly settings: PeerSettings;
  readonly notebook: Notebook;
  /** Messages by envelope id, for `onUndelivered`. */
  readonly names: Map<string, string>;
}

/** Each call publishes the next message; the keys take turns, so that so many calls as there are keys end each of them. */
function sender({ client, settings: { column, traffic }, notebook, names }: SenderDeps): () => void {
  const topics = Array.from({ length: traffic.topics }, (_, index) => trafficTopic(column).at({ topic: `t${index}` }));
  const padding = "x".repeat(traffic.paddingBytes);
  const keyCount = traffic.topics * traffic.keysPerTopic;
  let count = 0;

  const publish = (topic: (typeof topics)[number], data: TrafficData): void => {
    const message = nameOf(data);
    if (count % traffic.confirmEvery === 0) {
      const confirmed = client.publishConfirmed(topic, data, { timeoutMs: CONFIRM_TIMEOUT_MS });
      // It has no name in `names`: the promise alone says what became of it.
      void notebook.watch(confirmed).catch((error: Error) => notebook.declared({ message, reason: error.name }));
    } else {
      names.set(client.publish(topic, data), message);
    }
    notebook.accepted({ message, key: data.key, seq: data.seq, atMs: Date.now() });
  };

  return () => {
    const lane = count % keyCount;
    const topic = topics[lane % traffic.topics];
    if (topic === undefined) throw new RangeError(`The case has ${traffic.topics} topics.`);
    try {
      publish(topic, { key: `k${lane}`, seq: Math.floor(count / keyCount), padding });
    } catch (error) {
      notebook.refused(error instanceof Error ? error.name : String(error));
    }
    count += 1;
  };
}
