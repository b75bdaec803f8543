/** What a broker, or another client, can refuse: credentials, the protocol, the client id. And what nobody may see: the password. */
import { inspect } from "node:util";
import { openScriptedBroker, plantedSecret, rawClient, type ScriptedPeer, until } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { halt, openClient, openSite, PROTOCOLS, type Site } from "./client.fixture.ts";
import { ClientIdTakenError, ConnectionRefusedError } from "./errors.ts";
import type { Credentials } from "./options.ts";

const SECRET = plantedSecret("sunflower");

let site: Site;
afterEach(() => site[Symbol.asyncDispose]());

describe("with a broker that asks for a password", () => {
  beforeEach(async () => {
    site = await openSite({ password: true });
  });
  const right = (): Credentials => site.broker.credentials ?? {};
  const wrong = () => ({ ...site.broker.credentials, password: SECRET });

  test.each([
    ["5", 0x87],
    ["3.1.1", 5],
  ] as const)(
    "on MQTT %s refused credentials close a client that was never connected, for good",
    async (protocol, code) => {
      const { client } = site.open({ protocol, credentials: wrong() });

      const ready = client.ready();
      const closed = await client.closed;

      await expect(ready).rejects.toBeInstanceOf(ConnectionRefusedError);
      expect(closed).toMatchObject({ reason: "refused", error: { code: "MQTT_CONNECTION_REFUSED", reasonCode: code } });
      expect(client.state).toEqual({ kind: "closed", closed });
      expect(site.link.connections()).toHaveLength(1);
    },
  );

  test.each(PROTOCOLS)(
    "on MQTT %s a client that was connected once goes on asking when its credentials are refused",
    async (protocol) => {
      let asked = 0;
      const credentials = () => {
        asked += 1;
        return asked === 2 || asked === 3 ? wrong() : right();
      };
      const { client } = site.open({ protocol, credentials });
      await client.ready();

      site.link.cut();
      await until(() => client.state.kind === "up" && client.state.epoch === 2);

      expect([asked, site.link.connections().length]).toEqual([4, 4]);
    },
  );

  test.each(PROTOCOLS)(
    "on MQTT %s no password shows in logs, errors, states or the client itself",
    async (protocol) => {
      const { username = "", password = "" } = right();
      const withUser = `mqtt://${username}:${password}@127.0.0.1:${site.link.port}`;
      const secret = SECRET;
      const good = site.open({ protocol, url: withUser });
      await good.client.ready();
      site.link.cut();
      await until(() => good.client.state.kind === "up" && good.client.state.epoch === 2);
      const refused = site.open({ protocol, url: withUser.replace(password, secret) });
      const closed = await refused.client.closed;

      const everything = [good, refused, closed, good.log.seen, refused.log.seen, refused.client.state]
        .map((each) => inspect(each, { depth: 12, showHidden: true, maxStringLength: null }) + JSON.stringify(each))
        .join("\n");

      expect(everything).toContain(String(site.link.port));
      expect([password, secret].filter((each) => everything.includes(each))).toEqual([]);
    },
  );

  test("credentials that are never handed over end the attempt at its deadline", async () => {
    let asked = 0;
    const credentials = () => {
      asked += 1;
      return asked === 1 ? new Promise<never>(() => undefined) : right();
    };
    const { client, log } = site.open({ credentials, attemptTimeoutMs: 50 });

    await client.ready();

    expect(String(log.seen[0]?.fields["err"])).toContain("credentials or TLS settings were not ready within 50 ms");
  });

  test("credentials that cannot be had are asked for again", async () => {
    let asked = 0;
    const credentials = async () => {
      asked += 1;
      if (asked < 3) throw new Error("the vault is sealed");
      return right();
    };
    const { client, log } = site.open({ credentials });

    await client.ready();

    expect([asked, String(log.seen[0]?.fields["err"])]).toMatchObject([
      3,
      expect.stringContaining("the vault is sealed"),
    ]);
  });
});

describe("with a broker that asks for nothing", () => {
  beforeEach(async () => {
    site = await openSite({ persistence: true });
  });

  test.each(PROTOCOLS)(
    "on MQTT %s a second client with the same id ends the first one, which says why",
    async (protocol) => {
      const first = site.open({ protocol, clientId: "twin" });
      await first.client.ready();
      // It comes back as persistently as any client does.
      const twin = await rawClient({
        url: site.broker.url,
        protocolVersion: protocol === "5" ? 5 : 4,
        clientId: "twin",
        mqttOptions: { reconnectPeriod: 10 },
      });

      const closed = await first.client.closed;
      twin.mqtt.end(true);

      expect(closed).toMatchObject({ reason: "client_id_taken", error: { clientId: "twin" } });
      expect("error" in closed && closed.error).toBeInstanceOf(ClientIdTakenError);
    },
  );

  test.each(PROTOCOLS)("on MQTT %s of two of ours with one id at most one remains", async (protocol) => {
    const one = site.open({ protocol, clientId: "twin" });
    await one.client.ready();
    const other = site.open({ protocol, clientId: "twin" });

    const closed = await Promise.race([one.client.closed, other.client.closed]);

    expect(closed.reason).toBe("client_id_taken");
  });

  test.each(PROTOCOLS)(
    "on MQTT %s a client whose connections the network resets is not taken for a twin",
    async (protocol) => {
      const { client } = site.open({ protocol, clientId: "only" });

      for (const epoch of [1, 2, 3, 4, 5, 6, 7]) {
        await until(() => client.state.kind === "up" && client.state.epoch === epoch);
        site.link.reset();
      }

      await until(() => client.state.kind === "up" && client.state.epoch === 8);
    },
  );

  test.each(PROTOCOLS)(
    "on MQTT %s a client whose broker restarts again and again is not taken for a twin",
    async (protocol) => {
      const { client } = site.open({ protocol, clientId: "only" });

      for (const epoch of [1, 2, 3, 4, 5, 6]) {
        await until(() => client.state.kind === "up" && client.state.epoch === epoch);
        await site.broker.stop();
        await until(() => site.link.connections().at(-1)?.closedBy === "target");
        await site.broker.start();
      }

      await until(() => client.state.kind === "up" && client.state.epoch === 7);
    },
  );
});

describe("with a broker that does as it is told", () => {
  beforeEach(async () => {
    site = await openSite();
  });
  /** CONNACK in the words of 3.1.1, whatever was asked for. */
  const unacceptable = async (peer: ScriptedPeer): Promise<void> => {
    await peer.expect("connect");
    peer.sendBytes(Uint8Array.of(0x20, 2, 0, 1));
    peer.end();
  };

  test.each([
    ["0x84", (peer: ScriptedPeer) => peer.accept({ reasonCode: 0x84 })],
    ["return code 1", unacceptable],
  ] as const)("a broker that answers MQTT 5 with %s is spoken to in 3.1.1", async (_name, refuse) => {
    const versions: number[] = [];
    await using broker = await openScriptedBroker(async (peer) => {
      const connect = await peer.packets.until(({ cmd }) => cmd === "connect");
      versions.push(connect.cmd === "connect" ? (connect.protocolVersion ?? 4) : 0);
      if (peer.protocolVersion === 5) await refuse(peer);
      else await peer.accept();
    });
    const { client } = openClient({ url: broker.url });

    await client.ready();
    await client.close();

    expect(versions).toEqual([5, 4]);
  });

  test.each([
    ["and closes", (peer: ScriptedPeer) => peer.end()],
    ["and waits", () => undefined],
  ])("a broker that says the session was taken over %s has said it: no other attempt follows", async (_what, then) => {
    await using broker = await openScriptedBroker(async (peer) => {
      await peer.accept();
      peer.send({ cmd: "disconnect", reasonCode: 0x8e });
      then(peer);
    });
    const { client } = openClient({ url: broker.url, protocol: "5", clientId: "twin" });

    const closed = await client.closed;

    expect(closed).toMatchObject({ reason: "client_id_taken", error: { clientId: "twin" } });
    expect(broker.peers.seen).toHaveLength(1);
  });

  test("a client that must speak MQTT 5 is refused by a broker that does not", async () => {
    await using broker = await openScriptedBroker(async (peer) => void (await peer.accept({ reasonCode: 0x84 })));
    const { client } = openClient({ url: broker.url, protocol: "5" });

    expect(await client.closed).toMatchObject({ reason: "refused", error: { reasonCode: 0x84, protocol: "5" } });
  });

  test("a control link that is refused for good ends the client, for it could not be stopped any more", async () => {
    await using broker = await openScriptedBroker(async (peer) => {
      const connect = await peer.packets.until(({ cmd }) => cmd === "connect");
      const isControl = connect.cmd === "connect" && connect.clientId.endsWith("!c");
      await peer.accept(isControl ? { reasonCode: 0x87 } : {});
    });
    const { client } = openClient({ url: broker.url, protocol: "5" });
    await client.ready();

    const { active } = client.subscribe(halt, () => undefined, { onFailure: "drop" });

    await expect(active).rejects.toBeInstanceOf(ConnectionRefusedError);
    expect(await client.closed).toMatchObject({ reason: "refused", error: { reasonCode: 0x87 } });
  });

  test("a client that was connected with MQTT 5 does not fall back when the version is refused later", async () => {
    const versions: number[] = [];
    await using broker = await openScriptedBroker(async (peer) => {
      const { protocolVersion } = await peer.accept(peer.connection === 2 ? { reasonCode: 0x84 } : {});
      versions.push(protocolVersion ?? 0);
      if (peer.connection === 1) peer.end();
    });
    const { client } = openClient({ url: broker.url });

    await until(() => client.state.kind === "up" && client.state.epoch === 2);
    await client.close();

    expect(versions).toEqual([5, 5, 5]);
  });

  test.each([0x80, 0x88, 0x89, 0x97, 0x9f])(
    "a refusal with code %i passes, so it is tried again",
    async (reasonCode) => {
      await using broker = await openScriptedBroker(
        async (peer) => void (await peer.accept(peer.connection === 1 ? { reasonCode } : {})),
      );
      const { client } = openClient({ url: broker.url });

      await client.ready();
      await client.close();

      expect(broker.peers.seen).toHaveLength(2);
    },
  );
});
