/**
 * MQTT.js tuned as well as we know how, with nothing but its public API and JSON:
 *
 * - a socket without Nagle's delay, with a write buffer that no window fills (no `drain` listener per publish);
 * - the packets of one turn of the event loop leave in one write (the stream is corked for the turn);
 * - callbacks instead of promises, a window that is a counter;
 * - `handleMessage` instead of the event, no rescheduling of pings for each publish, a silent log.
 */
import { connect as connectTcp } from "node:net";
import { type IClientOptions, MqttClient } from "mqtt";
import { type Ends, type Flow, type Outgoing, WINDOW } from "./end.ts";
import type { BenchData } from "./payload.ts";

const WRITE_BUFFER_BYTES = 16 * 1024 * 1024;

export const mqttjsTuned: Ends = {
  openPublisher: async ({ url, clientId, qos }) => {
    const client = await connectTuned(url, { clientId });
    let lost = 0;
    const publish = corkedPublish(client, qos);
    return {
      publish: (message) =>
        publish(message, (error) => {
          if (error) lost += 1;
        }),
      pour: (flow) => pour(flow, publish),
      get lost() {
        return lost;
      },
      close: () => client.endAsync(),
    };
  },
  openSubscriber: async ({ url, clientId, qos, lanes }, onData) => {
    const client = await connectTuned(url, { clientId });
    client.handleMessage = ({ payload }, done) => {
      onData(JSON.parse(payload.toString()) as BenchData); // its own publisher's
      done();
    };
    await client.subscribeAsync(
      lanes.map((lane) => `bench/${lane}`),
      { qos },
    );
    return { close: () => client.endAsync() };
  },
};

type Published = (error?: Error) => void;

/** Every publish of one turn joins one write; what MQTT.js corks itself nests in it. */
function corkedPublish(client: MqttClient, qos: 0 | 1) {
  let isCorked = false;
  const uncork = (): void => {
    isCorked = false;
    client.stream.uncork();
  };
  return ({ lane, data }: Outgoing, published: Published): void => {
    if (!isCorked) {
      isCorked = true;
      client.stream.cork();
      process.nextTick(uncork);
    }
    client.publish(`bench/${lane}`, JSON.stringify(data), { qos }, published);
  };
}

function pour(flow: Flow, publish: (message: Outgoing, published: Published) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let open = 0;
    let hasEnded = false;
    let isPumpPlanned = false;
    const pump = (): void => {
      isPumpPlanned = false;
      // What is published at QoS 0 is settled at once: the loop must turn all the same.
      for (let burst = 0; burst < WINDOW && open < WINDOW && !hasEnded; burst += 1) {
        if (flow.held !== undefined) {
          void flow.held.then(plan);
          return;
        }
        const message = flow.next();
        if (message === undefined) hasEnded = true;
        else {
          open += 1;
          publish(message, settle);
        }
      }
      if (hasEnded && open === 0) resolve();
    };
    const plan = (): void => {
      if (isPumpPlanned) return;
      isPumpPlanned = true;
      setImmediate(pump);
    };
    const settle: Published = (error) => {
      open -= 1;
      if (error) reject(error);
      plan();
    };
    pump();
  });
}

async function connectTuned(url: string, options: IClientOptions): Promise<MqttClient> {
  const { hostname, port } = new URL(url);
  const client = new MqttClient(
    () =>
      connectTcp({
        host: hostname,
        port: Number(port),
        noDelay: true,
        writableHighWaterMark: WRITE_BUFFER_BYTES,
      } as never), // passed on to the stream, but not in the types
    { protocolVersion: 4, protocolId: "MQTT", reschedulePings: false, log: () => undefined, ...options },
  );
  await new Promise<void>((resolve, reject) => {
    client.once("connect", () => resolve());
    client.once("error", reject);
  });
  return client;
}
