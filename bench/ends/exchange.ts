/** Questions and answers, as the users of each client would have them. */
import { randomUUID } from "node:crypto";
import { connect } from "@ts-tars/mqtt";
import { defineRequest } from "@ts-tars/mqtt/contract";
import mqtt from "mqtt";
import { z } from "zod";

/** Who takes part in exchanges. */
export type ExchangeContestant = "ours" | "mqttjs";

interface ExchangeOptions {
  readonly url: string;
  readonly clientId: string;
}

export interface Asker {
  /** Resolves with the answer. */
  ask(text: string): Promise<string>;
  close(): Promise<void>;
}

export interface Responder {
  close(): Promise<void>;
}

export interface Exchange {
  openAsker(options: ExchangeOptions): Promise<Asker>;
  /** Answers each question with its own text. */
  openResponder(options: ExchangeOptions): Promise<Responder>;
}

const Text = z.object({ text: z.string() });

const echo = defineRequest({
  name: "bench/echo/request",
  type: "bench.echo.request",
  payload: Text,
  replyName: "bench/echo/reply",
  replyType: "bench.echo.reply",
  replyPayload: Text,
});

const ours: Exchange = {
  openAsker: async (options) => {
    const client = connect({ ...options, cleanStart: true, sessionExpirySec: 0, control: true });
    await client.ready();
    return {
      ask: async (text) => (await client.request(echo, { text })).text,
      close: () => client.close(),
    };
  },
  openResponder: async (options) => {
    const client = connect({ ...options, cleanStart: true, sessionExpirySec: 0 });
    const subscription = client.respond(echo, ({ data }) => data);
    await client.ready();
    await subscription.active;
    return { close: () => client.close() };
  },
};

/** With MQTT.js everybody writes this anew: an id in the question, a topic of the asker's own for the answers. */
interface Question {
  readonly id: string;
  readonly replyTo: string;
  readonly text: string;
}

const mqttjs: Exchange = {
  openAsker: async ({ url, clientId }) => {
    const client = await mqtt.connectAsync(url, { clientId });
    const replyTo = `bench/echo/reply/${clientId}`;
    const pending = new Map<string, (text: string) => void>();
    client.on("message", (_topic, payload) => {
      const { id, text } = JSON.parse(payload.toString()) as Question; // the responder's below
      pending.get(id)?.(text);
      pending.delete(id);
    });
    await client.subscribeAsync(replyTo, { qos: 1 });
    return {
      ask: (text) =>
        new Promise((resolve, reject) => {
          const question: Question = { id: randomUUID(), replyTo, text };
          pending.set(question.id, resolve);
          client.publish("bench/echo/request", JSON.stringify(question), { qos: 1 }, (error) => error && reject(error));
        }),
      close: () => client.endAsync(),
    };
  },
  openResponder: async ({ url, clientId }) => {
    const client = await mqtt.connectAsync(url, { clientId });
    client.on("message", (_topic, payload) => {
      const { id, replyTo, text } = JSON.parse(payload.toString()) as Question; // the asker's above
      client.publish(replyTo, JSON.stringify({ id, text }), { qos: 1 });
    });
    await client.subscribeAsync("bench/echo/request", { qos: 1 });
    return { close: () => client.endAsync() };
  },
};

export const exchanges: Readonly<Record<ExchangeContestant, Exchange>> = { ours, mqttjs };
