/** A process that handles what the publisher of its column sends, through our client, and notes each start of its handler. */
import { connect } from "@ts-tars/mqtt";
import { countConnections, runPeer } from "./peer.ts";
import { nameOf, trafficTopic } from "./traffic-topic.ts";

runPeer(async ({ url, clientId, protocol, column, life }, notebook) => {
  const client = connect({ url, clientId, protocol, log: notebook.log, hooks: notebook.hooks });
  const subscription = client.subscribe(trafficTopic(column), async ({ data: { key, seq }, attempt }) => {
    notebook.handled({ message: nameOf({ key, seq }), key, seq, attempt, life });
    // A handler that takes its time, if little: only then can others of its key overtake it.
    await new Promise((resolve) => setImmediate(resolve));
  });
  void notebook.watch(client.closed);
  await notebook.watch(client.ready());
  await notebook.watch(subscription.active);
  return {
    connectionCount: () => countConnections(client),
    finish: async () => undefined,
    close: () => notebook.watch(client.close()),
  };
});
