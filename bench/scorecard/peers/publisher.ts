/** A process that publishes at a steady pace through our client, whatever becomes of its connection. */
import { type Client, connect } from "@ts-tars/mqtt";
import { stateDirectory } from "@ts-tars/mqtt/outbox";
import { countConnections, type Notebook, runPeer } from "./peer.ts";
import type { PeerSettings } from "./peer-messages.ts";
import { type Publish, startSender } from "./sender.ts";
import { durableTopic, nameOf, quietTopic, stopTopic, trafficTopic } from "./traffic-topic.ts";

/** Longer than the longest outage and the backlog after it: a timeout would take the message back. */
const CONFIRM_TIMEOUT_MS = 300_000;
const FLUSH_TIMEOUT_MS = 60_000;
const FLUSH_EVERY_MS = 1_000;

runPeer(async (settings, notebook) => {
  const { protocol, url, clientId, column, traffic, stateFolder, life } = settings;
  const client = connect({
    url,
    clientId,
    protocol,
    ...(traffic.durableTopics > 0 && { state: stateDirectory(stateFolder) }),
    ...(traffic.hasStops && { control: true }),
    log: notebook.log,
    hooks: notebook.hooks,
    onUndelivered: ({ id, reason }) => notebook.write({ type: "undelivered", id, reason }),
  });
  const quiet = client.subscribe(quietTopic(column), () => undefined);
  void notebook.watch(client.closed);
  await notebook.watch(client.ready());
  const active = notebook.watch(quiet.active);
  // A later life has its session: whether it subscribes again is what is judged.
  if (life === 1) await active;
  const sender = startSender(publishing({ client, settings, notebook }), { settings, notebook });
  // Times out during an outage, and must say so.
  const flushing = setInterval(() => void notebook.watch(client.flush()).catch(() => undefined), FLUSH_EVERY_MS);
  let stopCount = 0;
  return {
    connectionCount: () => countConnections(client),
    obey: (order) => {
      if (order.do !== "burst") return;
      let behind = "";
      for (let sent = 0; sent < order.count; sent += 1) behind = sender.send(order.paddingBytes);
      stopCount += 1;
      const stop = `${settings.name} ${life} ${stopCount}`;
      notebook.write({ type: "stop_sent", stop, behind });
      client.publish(stopTopic(column), { stop });
    },
    finish: async () => {
      clearInterval(flushing);
      sender.stop();
      // What is not confirmed by then is for the ledger to say.
      await notebook.watch(client.flush({ timeoutMs: FLUSH_TIMEOUT_MS })).catch(() => undefined);
    },
    close: () => notebook.watch(client.close()),
  };
});

interface PublishingDeps {
  readonly client: Client;
  readonly settings: PeerSettings;
  readonly notebook: Notebook;
}

function publishing({ client, settings: { column, traffic, name }, notebook }: PublishingDeps): Publish {
  const topics = Array.from({ length: traffic.topics }, (_, index) => {
    const declared = index < traffic.durableTopics ? durableTopic(column) : trafficTopic(column);
    return declared.at({ topic: `${name}t${index}` });
  });
  return (data, { topic: index, count }) => {
    const topic = topics[index];
    if (topic === undefined) throw new RangeError(`The case has ${traffic.topics} topics.`);
    if (count % traffic.confirmEvery > 0) return client.publish(topic, data);
    const message = nameOf(data);
    const confirmed = client.publishConfirmed(topic, data, { timeoutMs: CONFIRM_TIMEOUT_MS });
    // It has no id before it is confirmed: the promise alone says what became of it.
    void notebook
      .watch(confirmed)
      .catch((error: Error) => notebook.write({ type: "declared", note: { message, reason: error.name } }));
    return "";
  };
}
