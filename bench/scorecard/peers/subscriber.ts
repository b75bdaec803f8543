/** A process that handles what the publishers of its column send, through our client, and notes each start of its handler. */
import { connect, type Received } from "@ts-tars/mqtt";
import { goodMood } from "./mood.ts";
import { countConnections, runPeer } from "./peer.ts";
import { durableTopic, nameOf, stopTopic, type TrafficData, trafficTopic } from "./traffic-topic.ts";

runPeer(async ({ url, clientId, protocol, column, life, traffic }, notebook) => {
  const client = connect({ url, clientId, protocol, log: notebook.log, hooks: notebook.hooks });
  const mood = goodMood(traffic.handlerMs);
  const handle = async ({ data: { key, seq }, attempt }: Received<TrafficData>): Promise<void> => {
    const message = nameOf({ key, seq });
    notebook.write({ type: "handled", note: { message, key, seq, attempt, life } });
    await mood.handle(message, attempt);
  };
  const subscriptions = [client.subscribe(trafficTopic(column), handle)];
  if (traffic.durableTopics > 0) subscriptions.push(client.subscribe(durableTopic(column), handle));
  if (traffic.hasStops) {
    const hear = ({ data: { stop } }: Received<{ stop: string }>) => notebook.write({ type: "stop_heard", stop });
    subscriptions.push(client.subscribe(stopTopic(column), hear));
  }
  void notebook.watch(client.closed);
  await notebook.watch(client.ready());
  const active = Promise.all(subscriptions.map((subscription) => notebook.watch(subscription.active)));
  // The broker must have heard it before the first message. A later life has its session: whether it speaks up is what is judged.
  if (life === 1) await active;
  return {
    connectionCount: () => countConnections(client),
    obey: (order) => order.do === "misbehave" && mood.become(order.how),
    finish: async () => undefined,
    close: () => notebook.watch(client.close()),
  };
});
