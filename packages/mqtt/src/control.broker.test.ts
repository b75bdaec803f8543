import { recorder } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { gate, halt, mark, openSite, PROTOCOLS, type Site, texts, word, wordOf } from "./client.fixture.ts";
import { foreign, isPubackUp, isPublish, openClocked, pubacksUp, publishesUp, untilUp } from "./wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

/** The id of the control link's connection; the data link's has no suffix. */
const controlOf = (clientId: string): number =>
  site.link.connections().find((connection) => connection.clientId === `${clientId}!c`)?.id ?? 0;

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("a high-priority message is handled while the data link's window is full of unfinished messages", async () => {
    const { client } = site.open({ protocol, clientId: "robot", receiveMaximum: 20 });
    const held = gate();
    const seen = recorder<string>();
    const slow = client.subscribe(wordOf, async () => {
      seen.push("busy");
      await held.passed;
    });
    const stop = client.subscribe(halt, ({ data }) => seen.push(`halt ${data.text}`));
    await Promise.all([slow.active, stop.active]);
    const publisher = await site.raw();

    for (const key of texts(300)) await publisher.publish(`test/of/${key}`, foreign({ text: key }));
    await seen.next();
    await publisher.publish(halt.filter, foreign({ text: "now" }));
    await seen.takeThrough((step) => step === "halt now");

    const onDataLink = pubacksUp(site.link).filter(({ connection }) => connection !== controlOf("robot"));
    expect(onDataLink).toEqual([]);
    held.open();
  });

  test("a high topic travels only on a second connection: clean start, its own id, no will", async () => {
    const { client } = site.open({ protocol, clientId: "robot" });
    const seen = recorder<string>();
    await client.subscribe(halt, ({ data }) => seen.push(data.text)).active;

    client.publish(halt, { text: "a" });
    await seen.next();

    const control = controlOf("robot");
    const connect = site.link
      .packets()
      .find(({ packet, connection }) => packet?.cmd === "connect" && connection === control);
    expect(connect?.packet).toMatchObject({ clientId: "robot!c", clean: true });
    expect(connect?.packet).not.toHaveProperty("will");
    const travelled = site.link.packets().filter((each) => isPublish(each, halt.filter));
    expect(travelled.map(({ connection, direction }) => [connection, direction])).toEqual([
      [control, "up"],
      [control, "down"],
    ]);
  });

  test("a message on the control link is acknowledged on acceptance, before its handler is done", async () => {
    const { client } = site.open({ protocol, clientId: "robot" });
    const held = gate();
    const started = recorder<string>();
    const subscription = client.subscribe(halt, async ({ data }) => {
      started.push(data.text);
      await held.passed;
    });
    await subscription.active;
    const publisher = await site.raw();

    await publisher.publish(halt.filter, foreign({ text: "a" }));
    await started.next();
    const { connection } = await site.link.seen(isPubackUp);

    expect(connection).toBe(controlOf("robot"));
    held.open();
  });

  test("a handler on the control link is tried once", async () => {
    const { client } = site.open({ protocol, clientId: "robot" });
    const attempts = recorder<string>();
    const failing = ({
      data,
      attempt,
    }: {
      readonly data: { readonly text: string };
      readonly attempt: number;
    }): never => {
      attempts.push(`${data.text} ${attempt}`);
      throw new Error("no");
    };
    await client.subscribe(halt, failing, { retry: { attempts: 5, minDelayMs: 1 } }).active;
    const publisher = await site.raw();

    for (const text of ["a", "b"]) await publisher.publish(halt.filter, foreign({ text }));

    expect(await attempts.take(2)).toEqual(["a 1", "b 1"]);
  });

  test("of a flood sixteen messages wait, the oldest go and are counted, and the last one is handled", async () => {
    const heard = site.open({ protocol, clientId: "robot" });
    const held = gate();
    const handled = recorder<string>();
    const subscription = heard.client.subscribe(halt, async ({ data }) => {
      handled.push(data.text);
      await held.passed;
    });
    await subscription.active;
    const publisher = await site.raw();

    for (const text of texts(100)) await publisher.publish(halt.filter, foreign({ text }));
    await heard.client.publishConfirmed(mark, { text: "" });
    await site.link.record.untilAll((seen) => seen.filter(isPubackUp).length === 100);
    held.open();
    await handled.take(17);

    expect(handled.seen).toEqual(["0", ...texts(100).slice(-16)]);
    expect(heard.count("inbound_dropped")).toBe(83);
  });

  test("high-priority handlers run beside as many others as the client allows at all", async () => {
    const { client } = site.open({ protocol, clientId: "robot", concurrency: 1 });
    const held = gate();
    const seen = recorder<string>();
    const slow = client.subscribe(word, async () => {
      seen.push("busy");
      await held.passed;
    });
    const stop = client.subscribe(halt, () => seen.push("halt"));
    await Promise.all([slow.active, stop.active]);
    const publisher = await site.raw();

    await publisher.publish(word.filter, foreign({ text: "" }));
    await seen.next();
    await publisher.publish(halt.filter, foreign({ text: "" }));

    expect(await seen.next()).toBe("halt");
    held.open();
  });

  test("a stop that cannot be sent within two seconds fails loudly and is not sent later", async () => {
    await using heard = openClocked(site, { protocol, clientId: "robot", control: true });
    const { client, clock, undelivered, log } = heard;
    await client.ready();
    site.link.down();
    for await (const state of client.watch()) if (state.kind === "down") break;

    const id = client.publish(halt, { text: "too late" });
    await clock.advance(2_250);
    const report = await undelivered.next();
    await site.link.up();
    await untilUp(heard);
    await client.publishConfirmed(halt, { text: "in time" });

    expect(report).toEqual({ id, topic: halt.filter, reason: "expired" });
    expect(log.seen.some(({ level, message }) => level === "error" && message === "message undelivered")).toBe(true);
    expect(publishesUp(site.link, halt.filter).map(({ packet }) => packet.payload.includes("in time"))).toEqual([true]);
  });
});
