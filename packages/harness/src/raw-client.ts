import { randomBytes } from "node:crypto";
import mqtt, { type IClientOptions, type IClientPublishOptions, type IPublishPacket, type MqttClient } from "mqtt";
import { DEFAULT_DEADLINE_MS, within } from "./deadline.ts";
import { type Recorder, recorder } from "./recorder.ts";
import { hear } from "./watch/broker-ear.ts";

/** How a raw client connects. */
export interface RawClientOptions {
  readonly url: string;
  /** Default 5. */
  readonly protocolVersion?: 4 | 5;
  readonly clientId?: string;
  /** Clean start, default true. */
  readonly clean?: boolean;
  /** Anything else of MQTT.js. Unless set here it does not reconnect. */
  readonly mqttOptions?: IClientOptions;
  readonly deadlineMs?: number;
}

/** A message as MQTT.js handed it over. */
export interface RawMessage {
  readonly topic: string;
  readonly payload: Buffer;
  /** The payload as UTF-8. */
  readonly text: string;
  /** The whole PUBLISH packet. */
  readonly packet: IPublishPacket;
}

/** MQTT.js as its users have it: the other side of a test, and the "raw half" of the traps. */
export interface RawClient extends AsyncDisposable {
  readonly mqtt: MqttClient;
  readonly clientId: string;
  /** Everything received, from the first byte after CONNACK on. */
  readonly received: Recorder<RawMessage>;
  /** Whether the CONNACK said that a session was there. */
  readonly sessionPresent: boolean;
  /** Resolves at SUBACK, QoS 1 unless said. @throws when the broker refuses. */
  subscribe(filter: string | readonly string[], options?: mqtt.IClientSubscribeOptions): Promise<void>;
  unsubscribe(filter: string): Promise<void>;
  /** Resolves at PUBACK, QoS 1 unless said; objects are sent as JSON. */
  publish(topic: string, payload: string | Uint8Array | object, options?: IClientPublishOptions): Promise<void>;
  /** DISCONNECT and close. Idempotent. */
  end(): Promise<void>;
  /** Closes the socket without DISCONNECT, so that the broker sends the will. Idempotent. */
  drop(): Promise<void>;
}

/** Connects and resolves at CONNACK. @throws what the broker or the network says, or `DeadlineError`. */
export async function rawClient(options: RawClientOptions): Promise<RawClient> {
  const clientId = options.clientId ?? `raw-${randomBytes(6).toString("hex")}`;
  const client = mqtt.connect(options.url, {
    protocolVersion: options.protocolVersion ?? 5,
    clientId,
    clean: options.clean ?? true,
    reconnectPeriod: 0,
    resubscribe: false,
    ...options.mqttOptions,
  });
  const received = recorder<RawMessage>(({ topic, text }) => `${topic} ${text.slice(0, 120)}`);
  // Before the first packet can arrive: a session's backlog follows the CONNACK at once.
  client.on("message", (topic, payload, packet) => {
    hear(packet);
    received.push({ topic, payload, packet, text: payload.toString() });
  });
  const sessionPresent = await connected(client, options);
  return wrap({ client, clientId, received, sessionPresent });
}

async function connected(
  client: MqttClient,
  { deadlineMs = DEFAULT_DEADLINE_MS, url }: RawClientOptions,
): Promise<boolean> {
  let lastError: unknown;
  client.on("error", (error) => {
    lastError = error;
  });
  const connack = new Promise<boolean>((resolve, reject) => {
    client.once("connect", (packet) => resolve(packet.sessionPresent));
    client.once("close", () => {
      if (client.options.reconnectPeriod === 0)
        reject(lastError ?? new Error(`${url} closed the connection without CONNACK.`));
    });
  });
  try {
    return await within(deadlineMs, connack, () => `CONNACK of ${url}; last error: ${lastError}`);
  } catch (error) {
    client.end(true);
    throw error;
  }
}

interface Parts {
  readonly client: MqttClient;
  readonly clientId: string;
  readonly received: Recorder<RawMessage>;
  readonly sessionPresent: boolean;
}

function wrap({ client, ...rest }: Parts): RawClient {
  const end = async (): Promise<void> => {
    await within(DEFAULT_DEADLINE_MS, client.endAsync(), () => `the end of ${rest.clientId}`);
  };
  return {
    ...rest,
    mqtt: client,
    subscribe: async (filter, subscribeOptions) => {
      await client.subscribeAsync(typeof filter === "string" ? filter : [...filter], { qos: 1, ...subscribeOptions });
    },
    unsubscribe: async (filter) => void (await client.unsubscribeAsync(filter)),
    publish: async (topic, payload, publishOptions) => {
      await client.publishAsync(topic, encode(payload), { qos: 1, ...publishOptions });
    },
    end,
    drop: async () => {
      const { stream } = client;
      if (stream.closed) return;
      const closed = new Promise<void>((resolve) => void stream.once("close", () => resolve()));
      stream.destroy();
      await within(DEFAULT_DEADLINE_MS, closed, () => `the close of ${rest.clientId}`);
    },
    [Symbol.asyncDispose]: end,
  };
}

function encode(payload: string | Uint8Array | object): string | Buffer {
  if (typeof payload === "string") return payload;
  return payload instanceof Uint8Array ? Buffer.from(payload) : JSON.stringify(payload);
}
