/** A process that publishes through raw MQTT.js at its documented defaults, JSON and nothing else. */
import mqtt from "mqtt";
import { runPeer } from "./peer.ts";
import { startSender } from "./sender.ts";

runPeer(async (settings, notebook) => {
  const { url, clientId, column, name, life } = settings;
  const client = mqtt.connect(url, { clientId });
  client.on("error", () => undefined); // as its users do who want to live: it tries again by itself
  let connectionCount = 0;
  client.on("connect", () => {
    connectionCount += 1;
  });
  await new Promise((resolve) => client.once("connect", resolve));
  const sender = startSender(
    (data, { topic }) => {
      client.publish(`scorecard/${column}/${name}t${topic}`, JSON.stringify({ data }), { qos: 1 });
      return "";
    },
    { settings, notebook },
  );
  let stopCount = 0;
  return {
    connectionCount: () => connectionCount,
    obey: (order) => {
      if (order.do !== "burst") return;
      let behind = "";
      for (let sent = 0; sent < order.count; sent += 1) behind = sender.send(order.paddingBytes);
      stopCount += 1;
      const stop = `${name} ${life} ${stopCount}`;
      notebook.write({ type: "stop_sent", stop, behind });
      client.publish(`scorecard/${column}/high/stop`, JSON.stringify({ data: { stop } }), { qos: 1 });
    },
    // It has no way to say when all is confirmed; what arrives is seen at the other end.
    finish: async () => sender.stop(),
    // In order it would wait for what will never be confirmed.
    close: async () => void client.end(true),
  };
});
