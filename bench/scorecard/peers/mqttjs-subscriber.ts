/** A process that handles what comes through raw MQTT.js at its documented defaults, and notes each start of its handler. */
import mqtt from "mqtt";
import { goodMood } from "./mood.ts";
import { runPeer } from "./peer.ts";
import { nameOf, type TrafficData } from "./traffic-topic.ts";

runPeer(async ({ url, clientId, column, life, traffic }, notebook) => {
  const client = mqtt.connect(url, { clientId });
  client.on("error", () => undefined); // as its users do who want to live: it tries again by itself
  let connectionCount = 0;
  client.on("connect", () => {
    connectionCount += 1;
  });
  const mood = goodMood(traffic.handlerMs);
  client.on("message", (_topic, text) => {
    const { data } = JSON.parse(text.toString()) as { data: TrafficData | { stop: string } }; // its own publisher's
    if ("stop" in data) {
      notebook.write({ type: "stop_heard", stop: data.stop });
      return;
    }
    const message = nameOf(data);
    notebook.write({ type: "handled", note: { message, key: data.key, seq: data.seq, attempt: 1, life } });
    // A rejected listener would end the process.
    mood.handle(message, 1).catch(() => undefined);
  });
  await new Promise((resolve) => client.once("connect", resolve));
  await client.subscribeAsync(`scorecard/${column}/#`, { qos: 1 });
  return {
    connectionCount: () => connectionCount,
    obey: (order) => order.do === "misbehave" && mood.become(order.how),
    finish: async () => undefined,
    close: async () => void client.end(true),
  };
});
