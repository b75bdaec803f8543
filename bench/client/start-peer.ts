/** A process that starts and connects: how long until the first CONNACK, from the start of the process. */
import type { ExchangeContestant } from "../ends/exchange.ts";
import { servePeer } from "./serve-peer.ts";

export interface StartOrder {
  readonly do: "connect";
  readonly contestant: ExchangeContestant;
  readonly url: string;
}

export interface Started {
  /** Loading the library, and from then on to the CONNACK. */
  readonly importMs: number;
  readonly connectMs: number;
  readonly rssBytes: number;
}

servePeer<StartOrder, never>(async ({ contestant, url }): Promise<Started> => {
  const begunAtMs = performance.now();
  const connectOnce = await (contestant === "ours" ? loadOurs() : loadMqttjs());
  const loadedAtMs = performance.now();
  await connectOnce(url);
  const connectMs = performance.now() - loadedAtMs;
  globalThis.gc?.();
  return { importMs: loadedAtMs - begunAtMs, connectMs, rssBytes: process.memoryUsage.rss() };
});

async function loadOurs(): Promise<(url: string) => Promise<void>> {
  const { connect } = await import("@ts-tars/mqtt");
  return (url) => connect({ url, clientId: "bench-start" }).ready();
}

async function loadMqttjs(): Promise<(url: string) => Promise<void>> {
  const { default: mqtt } = await import("mqtt");
  return async (url) => void (await mqtt.connectAsync(url, { clientId: "bench-start" }));
}
