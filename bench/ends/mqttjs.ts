/** MQTT.js at its documented defaults, as its users have it: JSON, and a window of its own around `publishAsync`. */
import mqtt, { type MqttClient } from "mqtt";
import { type Ends, type Flow, type Outgoing, WINDOW } from "./end.ts";
import type { BenchData } from "./payload.ts";

export const mqttjs: Ends = {
  openPublisher: async ({ url, clientId, qos }) => {
    const client = await mqtt.connectAsync(url, { clientId });
    let lost = 0;
    return {
      publish: ({ lane, data }) => {
        client.publish(`bench/${lane}`, JSON.stringify(data), { qos }, (error) => {
          if (error) lost += 1;
        });
      },
      pour: (flow) => pourThroughWindow(flow, (message) => publishAsync(client, message, qos)),
      get lost() {
        return lost;
      },
      close: () => client.endAsync(),
    };
  },
  openSubscriber: async ({ url, clientId, qos, lanes }, onData) => {
    const client = await mqtt.connectAsync(url, { clientId });
    client.on("message", (_topic, payload) => onData(JSON.parse(payload.toString()) as BenchData)); // its own publisher's
    await client.subscribeAsync(
      lanes.map((lane) => `bench/${lane}`),
      { qos },
    );
    return { close: () => client.endAsync() };
  },
};

async function publishAsync(client: MqttClient, { lane, data }: Outgoing, qos: 0 | 1): Promise<void> {
  await client.publishAsync(`bench/${lane}`, JSON.stringify(data), { qos });
}

/** A semaphore of `WINDOW`: so many take messages from the flow, each waits for its own. */
async function pourThroughWindow(flow: Flow, publish: (message: Outgoing) => Promise<void>): Promise<void> {
  const takeTurns = async (): Promise<void> => {
    for (;;) {
      if (flow.held !== undefined) await flow.held;
      const message = flow.next();
      if (message === undefined) return;
      await publish(message);
    }
  };
  await Promise.all(Array.from({ length: WINDOW }, takeTurns));
}
