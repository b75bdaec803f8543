/** What the reference client's lifecycle tests assert: one connection, made once, with what the address says, and its end. */
import { openBroker, openLink, until } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { lamp, openClient, openSite, PROTOCOLS, word } from "../client.fixture.ts";
import { publishesUp } from "../wire.fixture.ts";

test("a new client is idle and not connected", async () => {
  const { client } = openClient({ url: "mqtt://127.0.0.1:1" });

  const atFirst = [client.state.kind, client.connected];
  await client.close();

  expect([atFirst, client.connected]).toEqual([["idle", false], false]);
});

test.each(PROTOCOLS)(
  "on MQTT %s host, port, user and password of the address make one connection, however often readiness is awaited",
  async (protocol) => {
    await using broker = await openBroker({ password: true });
    await using link = await openLink({ target: broker.target });
    const { username = "", password = "" } = broker.credentials ?? {};
    const user = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`;
    const { client } = openClient({ url: `mqtt://${user}@127.0.0.1:${link.port}`, protocol });

    await Promise.all([client.ready(), client.ready()]);
    await client.ready();
    await client.close();

    const connects = link.packets().flatMap(({ packet }) => (packet?.cmd === "connect" ? [packet] : []));
    expect(connects.map((packet) => [packet.username, packet.password?.toString()])).toEqual([[username, password]]);
    expect(link.connections().length).toBe(1);
  },
);

test.each(PROTOCOLS)(
  "on MQTT %s leaving the block that an await-using client stands in closes it in order",
  async (protocol) => {
    await using site = await openSite();
    const closed = async () => {
      await using client = openClient({ url: site.link.url, protocol }).client;
      await client.ready();
      return client.closed;
    };

    const ended = closed();

    expect(await ended).toEqual({ reason: "requested" });
    const sent = site.link.packets().filter(({ direction }) => direction === "up");
    expect(sent.at(-1)?.packet?.cmd).toBe("disconnect");
  },
);

test.each(PROTOCOLS)("on MQTT %s a client that is closed again and again says DISCONNECT once", async (protocol) => {
  await using site = await openSite();
  const { client } = openClient({ url: site.link.url, protocol });
  await client.ready();

  await Promise.all([client.close(), client.close()]);
  await client.close();

  expect(site.link.packets().filter(({ packet }) => packet?.cmd === "disconnect").length).toBe(1);
});

test.each(PROTOCOLS)(
  "on MQTT %s a client says goodbye on its presence topic before it disconnects",
  async (protocol) => {
    await using site = await openSite();
    const { client } = openClient({
      url: site.link.url,
      protocol,
      presence: {
        topic: lamp,
        birth: () => ({ text: "here" }),
        will: (_session, closing) => ({ text: closing ? "goodbye" : "lost" }),
      },
    });
    await client.ready();
    await until(() => publishesUp(site.link, lamp.filter).length === 1);

    await client.close();

    const sent = site.link.packets().filter(({ direction }) => direction === "up");
    const said = publishesUp(site.link, lamp.filter).map(({ packet, index }) => ({
      text: JSON.parse(packet.payload.toString()).data.text,
      isKept: packet.retain && packet.qos === 1,
      index,
    }));
    expect(said.map(({ text, isKept }) => [text, isKept])).toEqual([
      ["here", true],
      ["goodbye", true],
    ]);
    expect(sent.at(-1)?.packet?.cmd).toBe("disconnect");
    // Its last word was confirmed: a PUBACK from the broker lies between it and the end.
    const confirmed = site.link
      .packets()
      .filter(({ packet, direction }) => packet?.cmd === "puback" && direction === "down");
    expect(confirmed.at(-1)?.index).toBeGreaterThan(said.at(-1)?.index ?? Number.POSITIVE_INFINITY);
    expect(sent.at(-1)?.index).toBeGreaterThan(confirmed.at(-1)?.index ?? Number.POSITIVE_INFINITY);
  },
);

test.each(PROTOCOLS)(
  "on MQTT %s a subscription made before the first connection is active with it",
  async (protocol) => {
    await using site = await openSite();
    site.link.down();
    const { client } = site.open({ protocol });
    const heard: string[] = [];
    const subscription = client.subscribe(word, ({ data }) => void heard.push(data.text));
    await until(() => client.state.kind === "down");

    await site.link.up();
    await subscription.active;
    await client.publishConfirmed(word, { text: "at last" });

    await until(() => heard.length > 0);
    expect([heard, client.state.kind === "up" && client.state.epoch]).toEqual([["at last"], 1]);
  },
);

test.each(PROTOCOLS)("on MQTT %s every connection asks for the same filters with the same QoS", async (protocol) => {
  await using site = await openSite();
  const { client } = site.open({ protocol, clientId: "ours" });
  const [first, second] = [client.subscribe(word, () => undefined), client.subscribe(lamp, () => undefined)];
  await Promise.all([first.active, second.active]);

  site.link.cut();
  await until(() => client.state.kind === "up" && client.state.epoch === 2);
  await site.link.seen(({ packet, connection }) => packet?.cmd === "suback" && connection === 2);

  const asked = (wanted: number) =>
    site.link
      .packets()
      .filter(({ connection }) => connection === wanted)
      .flatMap(({ packet }) => (packet?.cmd === "subscribe" ? packet.subscriptions : []))
      .map(({ topic, qos }) => `${topic} ${qos}`)
      .sort();
  expect(asked(1)).toContain(`${word.filter} 1`);
  expect(asked(2)).toEqual([...new Set(asked(1))]);
});
