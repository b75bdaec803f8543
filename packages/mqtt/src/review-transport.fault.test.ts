/** What a broker may answer to the packets that MQTT.js writes, and what is left of them. */
import { queryObjects } from "node:v8";
import { openScriptedBroker } from "@ts-tars/harness";
import { describe, expect, test } from "vitest";
import { openClient, openSite, PROTOCOLS, standing, texts } from "./client.fixture.ts";
import { rawTopic } from "./contract/index.ts";

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("each filter of one SUBSCRIBE gets its own answer, also one that looks like a number", async () => {
    await using broker = await openScriptedBroker(async (peer) => {
      const isV5 = protocol === "5";
      await peer.accept(isV5 ? { properties: { subscriptionIdentifiersAvailable: false } } : {});
      const { messageId = 0, subscriptions } = await peer.expect("subscribe");
      const granted = subscriptions.map(({ topic }) => (topic === "42" ? 0x80 : 1));
      peer.send({ cmd: "suback", messageId, granted });
    });
    const { client } = openClient({ url: broker.url, protocol });
    const lamp = client.subscribe(rawTopic("test/lamp"), () => undefined);
    const number = client.subscribe(rawTopic("42"), () => undefined);

    await client.ready();

    expect([await standing(lamp.active), await standing(number.active)]).toEqual(["resolved", "rejected"]);
    await client.close();
  });

  test("a second CONNACK on one connection ends that connection, and the next one serves", async () => {
    await using broker = await openScriptedBroker(async (peer) => {
      await peer.accept();
      if (peer.connection === 1) peer.send({ cmd: "connack", sessionPresent: false, reasonCode: 0, returnCode: 0 });
    });
    const { client, log } = openClient({ url: broker.url, protocol });

    const next = await broker.peers.until(({ connection }) => connection === 2);
    await client.ready();

    expect(next.connection).toBe(2);
    await log.untilAll((seen) => seen.filter(({ message }) => message === "connected").length >= 2);
    expect(log.seen.map(({ message }) => message)).toEqual(["connected", "not connected, trying again", "connected"]);
    await client.close();
  });

  test("subscriptions that come and go on one connection leave nothing behind", async () => {
    await using site = await openSite();
    const { client } = site.open({ protocol });
    const comeAndGo = async (times: number): Promise<void> => {
      for (let time = 0; time < times; time += 1) {
        const subscriptions = texts(50).map((text) => client.subscribe(rawTopic(`test/${text}`), () => undefined));
        await Promise.all(subscriptions.map(({ active }) => active));
        await Promise.all(subscriptions.map((subscription) => subscription.stop()));
      }
    };
    await comeAndGo(1);
    const before = queryObjects(Promise, { format: "count" });

    await comeAndGo(2);

    expect(queryObjects(Promise, { format: "count" }) - before).toBeLessThan(60);
  });
});

test("on MQTT 3.1.1, which knows no session expiry, an expiry of 0 is a clean session", async () => {
  await using broker = await openScriptedBroker(async (peer) => {
    await peer.accept();
  });
  const { client } = openClient({ url: broker.url, protocol: "3.1.1", clientId: "robot", sessionExpirySec: 0 });
  await client.ready();

  const [connect] = broker.peers.seen[0]?.packets.seen ?? [];

  expect(connect).toMatchObject({ cmd: "connect", clean: true });
  await client.close();
});
