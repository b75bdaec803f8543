/** A process of its own that hears one topic with MQTT.js, and whose listener fails: `url version topic throws|rejects`. */
import mqtt from "mqtt";

const [url = "", version = "", topic = "", fault = ""] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

// What a careful program does; a rejection it leaves to Node, which ends the process.
process.on("uncaughtException", (error: Error & { readonly text?: string }, origin) => {
  say(`caught ${error.message}`);
  if (origin === "unhandledRejection") process.exit(1);
});

const client = mqtt.connect(url, {
  protocolVersion: version === "5" ? 5 : 4,
  keepalive: 1,
  reconnectPeriod: 0,
});
client.on("error", (error) => say(`error ${error.message}`));
client.on("message", (_topic, payload) => {
  const { data } = JSON.parse(payload.toString());
  say(`message ${data.text}`);
  if (fault === "throws") throw new Error("the listener threw");
  return Promise.reject(new Error("the listener rejected"));
});
await client.subscribeAsync(topic, { qos: 1 });
say("ready");
