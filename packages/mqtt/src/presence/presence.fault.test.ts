/** Who is there, as others see it, while connections break, processes die and wills come late. */
import { type RawClient, type RawMessage, recorder, until } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { type HeardClient, openSite, PROTOCOLS, type Site } from "../client.fixture.ts";
import { defineTopic } from "../contract/index.ts";
import type { ConnectOptions, PresenceOptions } from "../options.ts";
import type { PresenceView } from "./presence-view.ts";
import { readPresence } from "./read-presence.ts";

const Presence = z.object({ ok: z.boolean(), session: z.string(), closing: z.boolean().optional() });
type Presence = z.infer<typeof Presence>;
const presenceOf = defineTopic({
  name: "test/presence/{name}",
  type: "test.presence",
  delivery: "state",
  payload: Presence,
});
const topic = presenceOf.at({ name: "parrot" });
const presence: PresenceOptions = {
  topic,
  birth: (session) => ({ ok: true, session }),
  will: (session, closing) => ({ ok: false, session, closing }),
};
const Enveloped = z.object({ id: z.string(), data: Presence });

let site: Site;
let witness: RawClient;
beforeEach(async () => {
  site = await openSite();
  witness = await site.raw();
  await witness.subscribe(topic.filter);
});
afterEach(() => site[Symbol.asyncDispose]());

const read = ({ text }: RawMessage) => Enveloped.parse(JSON.parse(text));
const next = async () => read(await witness.received.next());
const open = (options: Partial<ConnectOptions>): HeardClient => site.open({ clientId: "parrot", presence, ...options });
const isBack = ({ client }: HeardClient) => until(() => client.state.kind === "up" && client.state.epoch > 1);
/** What whoever subscribes now is told. */
const retained = async () => {
  const reader = await site.raw();
  await reader.subscribe(topic.filter);
  return read(await reader.received.next());
};

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("a client that dies is reported by the broker, with the session of its birth", async () => {
    const { client } = open({ protocol });
    await client.ready();
    const birth = await next();

    site.link.down();
    const will = await next();

    expect(birth.data).toMatchObject({ ok: true });
    expect(will.data).toEqual({ ok: false, session: birth.data.session, closing: false });
    expect(await retained()).toEqual(will);
  });

  test("a client that comes back is born again, in a new session, with a new id", async () => {
    const ours = open({ protocol });
    const first = await next();

    site.link.cut();
    await isBack(ours);
    const seen = await witness.received.untilAll((all) => all.map(read).filter(({ data }) => data.ok).length >= 2);

    const births = seen.map(read).filter(({ data }) => data.ok);
    expect(births[1]?.data.session).not.toBe(first.data.session);
    expect(births[1]?.id).not.toBe(first.id);
    await until(async () => (await retained()).data.ok);
  });

  test("a client that leaves in order says so itself, and no will follows", async () => {
    const { client } = open({ protocol });
    const birth = await next();

    await client.close();
    const farewell = await next();
    await witness.publish(topic.filter, { id: "f".repeat(32), data: { ok: true, session: "fence" } });

    expect(farewell.data).toEqual({ ok: false, session: birth.data.session, closing: true });
    expect((await next()).data.session).toBe("fence");
  });

  test("a farewell whose connection breaks is said over the next one, and no birth follows it", async () => {
    const { client } = open({ protocol });
    await client.ready();
    await client.flush();
    let isCut = false;
    site.link.intercept(({ packet, direction }) => {
      if (isCut || direction !== "down" || packet?.cmd !== "puback") return undefined;
      isCut = true;
      setImmediate(() => site.link.cut());
      return "drop";
    });

    await client.close();

    expect(site.link.connections()).toHaveLength(2);
    expect((await retained()).data).toMatchObject({ ok: false, closing: true });
  });

  test("a will that comes late is repaired with the present session", async () => {
    const ours = open({ protocol });
    const first = await next();
    site.link.cut();
    await isBack(ours);
    const second = await witness.received.until((each) => {
      const { data } = read(each);
      return data.ok && data.session !== first.data.session;
    });
    const late = { id: "e".repeat(32), type: topic.type, ts: 1, source: "parrot" };

    await witness.publish(topic.filter, { ...late, data: { ...first.data, ok: false } }, { retain: true });
    const before = witness.received.seen.length;
    await witness.received.untilAll((all) => {
      const after = all.slice(before).map(read);
      return after.some(
        ({ data, id }) => data.ok && data.session === read(second).data.session && id !== read(second).id,
      );
    });

    expect((await retained()).data).toEqual(read(second).data);
  });

  test("a reader believes what it hears live, a will of the present session, and nothing that is only retained", async () => {
    const parrot = open({ protocol });
    await parrot.client.ready();
    await parrot.client.flush();
    const reader = site.open({ url: site.broker.url, protocol });
    const views = recorder<PresenceView<Presence>>();
    const people = readPresence(reader.client, presenceOf, {
      sessionOf: ({ session }) => session,
      isAlive: ({ ok }) => ok,
      onChange: (_topic, view) => views.push(view),
    });
    await people.active;

    await views.until(({ kind }) => kind === "unverified");
    site.link.cut();
    await views.until(({ kind }) => kind === "alive");
    site.link.down();
    await views.untilAll((seen) => seen.at(-1)?.kind === "lost");

    const changes = views.seen.map(({ kind }) => kind).filter((kind, index, all) => kind !== all[index - 1]);
    expect(changes).toEqual(["unverified", "lost", "alive", "lost"]);
    expect(people.get(topic.filter).kind).toBe("lost");
    await people.stop();
  });
});

test("two instances with one presence do not flood: each repairs the other more and more slowly", async () => {
  const one = open({ clientId: "parrot-1" });
  const other = open({ clientId: "parrot-2" });
  await Promise.all([one.client.ready(), other.client.ready()]);

  const seen = await witness.received.take(6);

  const sessions = new Set(seen.map((each) => read(each).data.session));
  expect(sessions.size).toBe(2);
  const repairs = [...one.log.seen, ...other.log.seen].flatMap(({ fields }) => fields["repairs"] ?? []);
  expect(Math.max(...repairs.map(Number))).toBeGreaterThan(1);
});

test("a heartbeat is bare JSON on the client's own topic, once at each connection", async () => {
  const beats = await site.raw();
  await beats.subscribe("system/keepalive/parrot");
  const ours = site.open({ clientId: "parrot", heartbeat: {} });
  const [first] = await beats.received.take(1);

  site.link.cut();
  await isBack(ours);
  const [second] = await beats.received.take(1);

  for (const beat of [first, second]) {
    expect(JSON.parse(beat?.text ?? "")).toEqual({ ok: true, event: "heartbeat", timestamp: expect.any(Number) });
    expect(beat?.packet).toMatchObject({ qos: 0, retain: false });
  }
});
