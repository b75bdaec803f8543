/** What a user may not do: what the client says of it on MQTT 5, and what it cannot know on MQTT 3.1.1. */
import { glob, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recorder, until } from "@ts-tars/harness";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { lamp, mark, openSite, PROTOCOLS, type Site, word } from "./client.fixture.ts";
import { SubscriptionRefusedError } from "./errors.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ts-tars-access-"));
});
afterAll(() => rm(directory, { recursive: true }));

describe("with an access list of Mosquitto", () => {
  let site: Site;
  beforeEach(async () => {
    const aclFile = join(directory, "acl");
    await writeFile(aclFile, `topic readwrite ${mark.filter}\ntopic read ${lamp.filter}\n`);
    site = await openSite({ aclFile, extraConfig: ["log_type debug"] });
  });
  afterEach(() => site[Symbol.asyncDispose]());

  const publishes = (topic: string): number =>
    site.link.packets().filter(({ packet }) => packet?.cmd === "publish" && packet.topic === topic).length;

  test("on MQTT 5 a forbidden message is told with its reason, counted, and never sent again", async () => {
    const { client, undelivered, count } = site.open({ protocol: "5" });
    await client.ready();

    const id = client.publish(word, { text: "forbidden" });
    const told = await undelivered.next();
    site.link.cut();
    await until(() => client.state.kind === "up" && client.state.epoch === 2);
    await client.publishConfirmed(mark, { text: "behind it" });

    expect(told).toEqual({ id, topic: word.filter, reason: "refused", reasonCode: 0x87 });
    expect(count("undelivered")).toBe(1);
    expect(publishes(word.filter)).toBe(1);
  });

  test("on MQTT 5 a kept value that is forbidden is tried once for each connection, not more", async () => {
    const { client, undelivered } = site.open({ protocol: "5" });
    await client.ready();

    client.keep(lamp, () => ({ text: "on" }));
    await undelivered.next();
    site.link.cut();
    await undelivered.next();
    await client.publishConfirmed(mark, { text: "behind it" });

    expect(publishes(lamp.filter)).toBe(2);
  });

  test("on MQTT 3.1.1 a forbidden message is confirmed and reaches nobody; only the broker's log says so", async () => {
    const { client, undelivered } = site.open({ protocol: "3.1.1", clientId: "polly" });
    const heard = recorder<string>();
    await client.subscribe(mark, ({ data }) => heard.push(data.text)).active;
    await client.subscribe(word, ({ data }) => heard.push(data.text)).active;

    await client.publishConfirmed(word, { text: "forbidden" });
    await client.publishConfirmed(mark, { text: "fence" });

    expect(await heard.next()).toBe("fence");
    expect(undelivered.seen).toEqual([]);
    const { lastLines = [] } = (await site.broker.stop()) ?? {};
    expect(lastLines.filter((line) => /Denied PUBLISH from polly .*'test\/word'/u.test(line))).toHaveLength(1);
  });

  test.each(PROTOCOLS)("on MQTT %s a subscription that may read nothing is granted all the same", async (protocol) => {
    const { client } = site.open({ protocol });

    await expect(client.subscribe(word, () => undefined).active).resolves.toBeUndefined();
  });
});

describe("with Mosquitto's plugin for roles, which also judges subscriptions", () => {
  const ROLES = {
    defaultACLAccess: { publishClientSend: true, publishClientReceive: true, subscribe: false, unsubscribe: true },
    anonymousGroup: "everybody",
    groups: [{ groupname: "everybody", roles: [{ rolename: "marker" }] }],
    roles: [{ rolename: "marker", acls: [{ acltype: "subscribePattern", topic: mark.filter, allow: true }] }],
    clients: [],
  };
  let plugin: string | undefined;
  beforeAll(async () => {
    for await (const path of glob("/usr/lib/{,*/}mosquitto_dynamic_security.so")) plugin = path;
  });

  test.for(PROTOCOLS)(
    "on MQTT %s a refused subscription is told to who waits for it, and not asked for again",
    async (protocol, context) => {
      context.skip(plugin === undefined, "mosquitto_dynamic_security.so is not installed");
      const roles = join(directory, `roles-${protocol}.json`);
      await writeFile(roles, JSON.stringify(ROLES));
      await using site = await openSite({ extraConfig: [`plugin ${plugin}`, `plugin_opt_config_file ${roles}`] });
      const { client, log } = site.open({ protocol });

      await client.subscribe(mark, () => undefined, { onFailure: "drop" }).active;
      const { active } = client.subscribe(word, () => undefined, { onFailure: "drop" });

      await expect(active).rejects.toBeInstanceOf(SubscriptionRefusedError);
      await expect(active).rejects.toMatchObject({ filter: word.filter, reasonCode: protocol === "5" ? 0x87 : 0x80 });
      await client.publishConfirmed(mark, { text: "still connected" });
      expect(client.state).toMatchObject({ kind: "up", epoch: 1 });
      expect(log.seen.filter(({ message }) => message === "subscription refused")).toHaveLength(1);
    },
  );
});
