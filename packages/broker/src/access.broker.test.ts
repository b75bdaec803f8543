/** What users may do and what becomes of the rest: the same on both brokers, but for what only Mosquitto can tell. */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RawClient, type RawClientOptions, rawClient, recorder } from "@ts-tars/harness";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { RefusedPublish } from "./aedes-gatekeeper.ts";
import { type ManagedBroker, startManagedBroker } from "./managed.ts";
import { startMosquitto } from "./mosquitto.ts";

const USERS = [
  {
    username: "parrot",
    rights: { publishes: ["said/+", "state/parrot"], subscribes: ["said/+", "order/parrot", "state/parrot"] },
  },
  { username: "owner" },
  // What a file without escapes must not take for something else.
  { username: "Großer Roboter #2", rights: { publishes: ["das wohnzimmer/read/ton 1"], subscribes: [] } },
];

describe.each([
  ["mosquitto", 5],
  ["mosquitto", 4],
  ["embedded", 4],
] as const)("a managed %s broker on protocol level %i", (choice, protocolVersion) => {
  const refused = recorder<RefusedPublish>();
  let directory: string;
  let managed: ManagedBroker;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "ts-tars-access-"));
    managed = await startManagedBroker({ choice, directory, users: USERS, onRefused: refused.push });
  });
  afterAll(async () => {
    await managed.broker.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function enter(username: string, more: RawClientOptions["mqttOptions"] = {}): Promise<RawClient> {
    const mqttOptions = { ...managed.credentialsOf(username), ...more };
    const client = await rawClient({ url: managed.broker.url, protocolVersion, mqttOptions });
    onTestFinished(() => client.end());
    return client;
  }
  /** Publishes what may be refused: on MQTT 5 with an error, on 3.1.1 with nothing. */
  const attempt = (client: RawClient, topic: string, retain = false): Promise<unknown> =>
    client.publish(topic, "attempt", { qos: 1, retain }).catch((error: unknown) => error);

  test("what a user may publish arrives, and what he may not does not, while he stays connected", async () => {
    const [owner, parrot] = await Promise.all([enter("owner"), enter("parrot")]);
    await owner.subscribe("#");

    await attempt(parrot, "order/parrot");
    await attempt(parrot, "said/a/b");
    await parrot.publish("said/fence", "fence");

    expect((await owner.received.next()).topic).toBe("said/fence");
    expect(parrot.mqtt.connected).toBe(true);
  });

  test("what a user may read he gets, also through a wider filter where the broker grants it, and nothing else", async () => {
    const [owner, parrot] = await Promise.all([enter("owner"), enter("parrot")]);
    await owner.publish("secret/state", "idle", { qos: 1, retain: true });
    await parrot.subscribe("#").catch(() => undefined);
    await parrot.subscribe("secret/plan").catch(() => undefined);
    await parrot.subscribe("order/parrot");

    await owner.publish("secret/plan", "attack at dawn");
    await owner.publish("order/parrot", "fence");

    expect((await parrot.received.next()).topic).toBe("order/parrot");
  });

  test("a retained value is cleared by who may write it, and by nobody else", async () => {
    const [owner, parrot] = await Promise.all([enter("owner"), enter("parrot")]);
    await owner.publish("order/parrot", "stay", { qos: 1, retain: true });
    await parrot.publish("state/parrot", "here", { qos: 1, retain: true });

    await parrot.publish("order/parrot", "", { qos: 1, retain: true }).catch(() => undefined);
    await parrot.publish("state/parrot", "", { qos: 1, retain: true });
    await owner.subscribe(["order/parrot", "state/parrot"]);
    await owner.publish("said/fence", "", { qos: 1 });
    await owner.subscribe("said/fence");
    await owner.publish("said/fence", "fence");
    await owner.received.until(({ text }) => text === "fence");

    expect(owner.received.seen.map(({ topic }) => topic)).toEqual(["order/parrot", "said/fence"]);
    await owner.publish("order/parrot", "", { qos: 1, retain: true });
  });

  test("a last will is published where its user may publish, and nowhere else", async () => {
    const owner = await enter("owner");
    await owner.subscribe(["order/parrot", "state/parrot"]);
    const will = (topic: string) => ({
      // Of two connections with one id the broker ends the first one before it lets the second one in.
      clientId: `parrot-${choice}`,
      will: { topic, payload: Buffer.from("gone"), qos: 1 as const, retain: false },
    });
    const outside = await enter("parrot", will("order/parrot"));

    await outside.drop();
    const inside = await enter("parrot", will("state/parrot"));
    await inside.drop();

    expect((await owner.received.next()).topic).toBe("state/parrot");
  });

  test("names with blanks and signs in them are the names they are", async () => {
    const [owner, robot] = await Promise.all([enter("owner"), enter("Großer Roboter #2")]);
    await owner.subscribe("das wohnzimmer/#");

    await attempt(robot, "das wohnzimmer/ton");
    await attempt(robot, "das wohnzimmer/read/ton");
    await robot.publish("das wohnzimmer/read/ton 1", "fence");

    expect((await owner.received.next()).text).toBe("fence");
  });

  test("nobody gets in with another user's password", async () => {
    const { password } = managed.credentialsOf("owner");
    const entering = rawClient({
      url: managed.broker.url,
      protocolVersion,
      mqttOptions: { username: "parrot", password },
    });

    await expect(entering).rejects.toThrow();
    expect(() => managed.credentialsOf("stranger")).toThrow(RangeError);
  });

  if (choice === "embedded") {
    test("what was dropped is told, with who sent it, for the sender cannot know", async () => {
      const parrot = await enter("parrot");

      await parrot.publish("secret/plan", "mine");

      const seen = await refused.until(({ topic }) => topic === "secret/plan");
      expect(seen).toEqual({ username: "parrot", clientId: parrot.clientId, topic: "secret/plan" });
    });

    test("a subscription to what may not be read is refused", async () => {
      const parrot = await enter("parrot");

      await expect(parrot.subscribe("secret/plan")).rejects.toThrow();
      await expect(parrot.subscribe("#")).rejects.toThrow();
    });
  } else {
    test("a subscription to what may not be read is granted, and brings nothing", async () => {
      const [owner, parrot] = await Promise.all([enter("owner"), enter("parrot")]);

      await parrot.subscribe(["secret/plan", "order/parrot"]);
      await owner.publish("secret/plan", "attack at dawn");
      await owner.publish("order/parrot", "fence");

      expect((await parrot.received.next()).topic).toBe("order/parrot");
    });

    test("the access list and the passwords are for their owner's eyes only", async () => {
      const modes = await Promise.all(
        ["acl", "passwords", "mosquitto.conf"].map(async (name) => (await stat(join(directory, name))).mode & 0o777),
      );

      expect(modes).toEqual([0o600, 0o600, 0o600]);
    });
  }
});

test("users with rights and an access list of one's own are one too many", async () => {
  await expect(
    startMosquitto({
      users: [{ username: "a", password: "b", rights: { publishes: [], subscribes: [] } }],
      aclFile: "/dev/null",
    }),
  ).rejects.toThrow(TypeError);
});

test.each(["mosquitto", "embedded"] as const)(
  "a right that is no topic filter is a mistake that the %s broker does not start with",
  async (choice) => {
    const directory = await mkdtemp(join(tmpdir(), "ts-tars-access-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    const users = [{ username: "parrot", rights: { publishes: ["said/#1"], subscribes: [] } }];

    await expect(startManagedBroker({ choice, directory, users })).rejects.toThrow(/"said\/#1" is no topic filter/u);
  },
);

describe("a publish outside the rights, as Mosquitto answers it", () => {
  const DENIAL = /Denied PUBLISH from (\S+) .*'secret\/plan'/u;

  /** Who tried, and the broker's last lines; `log_type debug` is not on by default: it writes a line for each packet. */
  async function tryIt(protocolVersion: 4 | 5) {
    const user = { username: "parrot", password: "polly", rights: { publishes: [], subscribes: [] } };
    const broker = await startMosquitto({ users: [user], extraConfig: ["log_type debug"] });
    onTestFinished(async () => void (await broker.kill()));
    const { username, password } = user;
    const parrot = await rawClient({ url: broker.url, protocolVersion, mqttOptions: { username, password } });
    const answer = await parrot.publish("secret/plan", "mine").catch((error: unknown) => error);
    await parrot.end();
    const { lastLines } = await broker.stop();
    return { answer, denied: lastLines.flatMap((line) => DENIAL.exec(line)?.[1] ?? []), clientId: parrot.clientId };
  }

  test("on MQTT 5 is refused with reason code 0x87, and the broker's log says so", async () => {
    const { answer, denied, clientId } = await tryIt(5);

    expect(answer).toMatchObject({ code: 0x87 });
    expect(denied).toEqual([clientId]);
  });

  test("on MQTT 3.1.1 is acknowledged like any other and dropped: only the broker's log says so", async () => {
    const { answer, denied, clientId } = await tryIt(4);

    expect(answer).toBeUndefined();
    expect(denied).toEqual([clientId]);
  });
});
