import { once } from "node:events";
import { connect as connectSocket } from "node:net";
import { ttsSay, ttsStatus } from "@ts-tars/contracts";
import { recorder, within } from "@ts-tars/harness";
import { type Client, connect } from "@ts-tars/mqtt";
import { generate } from "mqtt-packet";
import { expect, test } from "vitest";
import { openPrivateBroker } from "./private-broker.ts";

const SAY = { text: "Two robots walk into a bar." };

function clientOf(broker: { readonly url: string; readonly credentials: object }, source: string): Client {
  const { url, credentials } = broker;
  return connect({ url, credentials, source, protocol: "5", control: true, drainMs: 50 });
}

test("what one client publishes the other hears, in order, and the publisher has the broker's word", async () => {
  await using broker = await openPrivateBroker({ connections: 4 });
  await using speaker = clientOf(broker, "speaker");
  await using listener = clientOf(broker, "listener");
  const heard = recorder<string>();
  await listener.subscribe(ttsSay, ({ data: { text }, source }) => heard.push(`${source}: ${text}`)).active;

  speaker.publish(ttsSay, SAY);
  await speaker.publishConfirmed(ttsSay, { text: "Ouch." });

  expect(await heard.untilAll((seen) => seen.length === 2)).toEqual([`speaker: ${SAY.text}`, "speaker: Ouch."]);
});

test("who has unsubscribed hears no more, and who never subscribed hears nothing", async () => {
  await using broker = await openPrivateBroker({ connections: 4 });
  await using speaker = clientOf(broker, "speaker");
  await using listener = clientOf(broker, "listener");
  const [says, statuses] = [recorder<string>(), recorder<string>()];
  const subscription = listener.subscribe(ttsSay, ({ data }) => says.push(data.text));
  await Promise.all([
    subscription.active,
    listener.subscribe(ttsStatus, ({ data }) => statuses.push(data.text)).active,
  ]);
  await subscription.stop();

  speaker.publish(ttsSay, SAY);
  speaker.publish(ttsStatus, { event: "queued", text: "fence" });

  expect(await statuses.next()).toBe("fence");
  expect(says.seen).toEqual([]);
});

test.each([
  ["a wrong password", { protocolVersion: 5, password: Buffer.from("guess") }],
  ["no password", { protocolVersion: 5 }],
  ["the password over an older MQTT", { protocolVersion: 4 }],
] as const)("who comes with %s is cut off without a word", async (_what, given) => {
  await using broker = await openPrivateBroker({ connections: 1 });
  const { username, password } = broker.credentials;
  const { hostname, port } = new URL(broker.url);
  const stranger = connectSocket(Number(port), hostname);
  const heard: unknown[] = [];
  stranger.on("error", () => undefined).on("data", (chunk) => heard.push(chunk));
  const own = given.protocolVersion === 4 ? { password: Buffer.from(password) } : {};

  stranger.write(
    generate({ ...{ cmd: "connect", clientId: "stranger", clean: true, keepalive: 5, username }, ...own, ...given }),
  );

  await within(5_000, once(stranger, "close"));
  expect(heard).toEqual([]);
});

test("once its clients are in, nobody else can even reach it", async () => {
  await using broker = await openPrivateBroker({ connections: 2 });
  await using own = clientOf(broker, "own");
  await own.ready();
  const { hostname, port } = new URL(broker.url);

  const late = connectSocket(Number(port), hostname);

  const [error] = await within(5_000, once(late, "error"));
  expect(error).toMatchObject({ code: "ECONNREFUSED" });
});

test("what is not MQTT is cut off", async () => {
  await using broker = await openPrivateBroker({ connections: 1 });
  const { hostname, port } = new URL(broker.url);
  const stranger = connectSocket(Number(port), hostname);
  stranger.on("error", () => undefined);

  stranger.write("GET / HTTP/1.1\r\n\r\n");

  await within(5_000, once(stranger, "close"));
});
