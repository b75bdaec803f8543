/**
 * Broker and service are gone in one moment, as by a power cut: nobody is left to send the service's last will, and what the
 * broker keeps of it says that it is well.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { HealthPing, systemHealth } from "@ts-tars/contracts";
import {
  type Link,
  manualClock,
  openBroker,
  openLink,
  type RawMessage,
  rawClient,
  recorder,
  type TestBroker,
  within,
} from "@ts-tars/harness";
import { type Client, connect, type PresenceView, readPresence } from "@ts-tars/mqtt";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";

const PARROT = fileURLToPath(new URL("./parrot.fixture.ts", import.meta.url));
const TOPIC = systemHealth.at({ service: "parrot" });
const Enveloped = z.object({ data: HealthPing });

type View = PresenceView<HealthPing>;
type Protocol = "5" | "3.1.1";

let broker: TestBroker;
let link: Link;
const running = new Set<ChildProcess>();
const clients = new Set<Client>();

beforeEach(async () => {
  broker = await openBroker({ persistence: true });
  link = await openLink({ target: broker.target });
});
afterEach(async () => {
  await Promise.all([...running].map(killed));
  await Promise.all([...clients].map((client) => client.close()));
  clients.clear();
  await link.close();
  await broker[Symbol.asyncDispose]();
});

/** One life of the service, in a process of its own, and what it logs. */
function startParrot(url: string, { protocol, clientId }: { readonly protocol: Protocol; readonly clientId: string }) {
  const child = spawn(process.execPath, ["--conditions=ts-tars-source", PARROT], {
    env: {
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
      HOME: "/nonexistent",
      MQTT_URL: url,
      MQTT_PROTOCOL: protocol,
      MQTT_CLIENT_ID: clientId,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  const lines = recorder<string>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => text.split("\n").filter(Boolean).forEach(lines.push));
  }
  return { child, lines };
}

async function killed(child: ChildProcess): Promise<void> {
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await within(10_000, exited);
  running.delete(child);
}

/** Somebody who comes now: what he believes of the parrot, on a clock that is moved by hand. */
async function openReader(protocol: Protocol) {
  const client = connect({ url: broker.url, protocol });
  clients.add(client);
  const clock = manualClock();
  const views = recorder<View>(({ kind }) => kind);
  const reader = readPresence(client, systemHealth, {
    sessionOf: ({ session }) => session,
    isAlive: ({ ok, event }) => ok || event === "starting",
    onChange: (_topic, view) => views.push(view),
    clock: { ...clock, epochMs: () => Date.now() },
  });
  await reader.active;
  return { clock, views, kind: () => reader.get(TOPIC.filter).kind };
}

const pingOf = ({ text }: RawMessage): HealthPing => Enveloped.parse(JSON.parse(text)).data;
const pingIn = (view: View): HealthPing | undefined => (view.kind === "absent" ? undefined : view.value);
const isReady = (view: View): boolean => view.kind === "alive" && pingIn(view)?.event === "ready";

/** A life, and then no power: the broker comes back with what it kept. */
async function cutPower(protocol: Protocol): Promise<HealthPing> {
  const witness = await rawClient({ url: broker.url });
  await witness.subscribe(TOPIC.filter);
  const { child } = startParrot(link.url, { protocol, clientId: "parrot" });
  const kept = pingOf(await witness.received.until((message) => pingOf(message).event === "ready"));
  // What a broker has confirmed last may be lost: these are, then, and nothing before them.
  for (const text of ["1", "2", "3"]) await witness.publish("test/last", text, { retain: true });
  // The broker first, in the same turn of the loop: it must not see the service go.
  await Promise.all([broker.kill(), killed(child)]);
  await witness.drop();
  await broker.start();
  return kept;
}

test.each(["5", "3.1.1"] as const)(
  "after a power cut a retained ok is unverified, then unknown, and the next life is alive (MQTT %s)",
  async (protocol) => {
    const kept = await cutPower(protocol);
    const reader = await openReader(protocol);

    const retained = await reader.views.until(() => true);
    await reader.clock.advance(44_000);
    const before = reader.kind();
    await reader.clock.advance(1_000);
    const after = reader.kind();
    startParrot(link.url, { protocol, clientId: "parrot" });
    const back = pingIn(await reader.views.until(isReady));

    expect(pingIn(retained)).toMatchObject({ ok: true, boot: kept.boot, session: kept.session });
    expect([before, after]).toEqual(["unverified", "unknown"]);
    const kinds = reader.views.seen.map(({ kind }) => kind);
    expect(kinds.slice(0, kinds.indexOf("alive"))).toEqual(["unverified", "unknown"]);
    expect(back?.boot).not.toBe(kept.boot);
    expect(back?.session).not.toBe(kept.session);
  },
);

test.each(["5", "3.1.1"] as const)(
  "the will of a life whose connection ends late is not believed, and repaired (MQTT %s)",
  async (protocol) => {
    await cutPower(protocol);
    const reader = await openReader(protocol);
    const second = startParrot(link.url, { protocol, clientId: "parrot" });
    const old = pingIn(await reader.views.until(isReady));
    // The broker goes on believing in this connection, whose process is gone.
    link.halfOpen();
    await killed(second.child);
    const third = startParrot(broker.url, { protocol, clientId: "parrot-elsewhere" });
    const isThird = (view: View): boolean => isReady(view) && pingIn(view)?.boot !== old?.boot;
    const present = pingIn(await reader.views.until(isThird));
    const witness = await rawClient({ url: broker.url });
    await using _witness = witness;
    await witness.subscribe(TOPIC.filter);
    await witness.received.next();

    link.cut();
    const will = pingOf(await witness.received.next());
    const repair = pingOf(await witness.received.next());
    await reader.views.until((view) => pingIn(view)?.timestamp === repair.timestamp);

    expect(will).toMatchObject({ ok: false, event: "lost", session: old?.session });
    expect(repair).toMatchObject({ ok: true, session: present?.session, boot: present?.boot });
    await third.lines.until((line) => line.includes("presence was overwritten, repairing it"));
    const kinds = reader.views.seen.map(({ kind }) => kind);
    expect(kinds.slice(kinds.indexOf("alive"))).not.toContain("lost");
  },
);
