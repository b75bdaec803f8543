/** A broker, a link before it and clients, for one test; all closed when it is finished. */
import { onTestFinished } from "vitest";
import { until } from "../deadline.ts";
import { type RawClient, type RawClientOptions, rawClient } from "../raw-client.ts";
import { openBroker, type TestBroker, type TestBrokerOptions } from "../test-broker.ts";
import { type Link, openLink } from "./link.ts";

/** A broker, and a link that leads to it. */
export interface Site {
  readonly broker: TestBroker;
  readonly link: Link;
}

/** Starts both. */
export async function openSite(options: TestBrokerOptions = {}): Promise<Site> {
  const broker = await openBroker(options);
  const link = await openLink({ target: broker.target });
  onTestFinished(async () => {
    await link.close();
    await broker[Symbol.asyncDispose]();
  });
  return { broker, link };
}

/** Connects a client that is dropped when the test is finished. */
export async function dial(url: string, options: Omit<RawClientOptions, "url"> = {}): Promise<RawClient> {
  const client = await rawClient({ url, ...options });
  onTestFinished(() => client.drop());
  return client;
}

/** Waits for the client to notice that its connection is closed. */
export function isClosed({ mqtt }: RawClient): Promise<boolean> {
  return until(() => !mqtt.connected, { describe: () => "the client is still connected" });
}

/** The record in short: `up connect`. */
export function commands(link: Link): readonly string[] {
  return link.packets().map(({ direction, packet }) => `${direction} ${packet?.cmd}`);
}
