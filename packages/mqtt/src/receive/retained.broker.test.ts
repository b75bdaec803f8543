import { recorder, until } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lamp, mark, openSite, order, PROTOCOLS, type Site } from "../client.fixture.ts";
import { foreign, isPubackUp, isPublish, keptDead, watchDead } from "../wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

const RETAINED = { retain: true } as const;

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("a retained command is never handled, but counted, dead-lettered once, and only live ones are obeyed", async () => {
    const publisher = await site.raw();
    await publisher.publish(order.filter, foreign({ text: "walk" }), RETAINED);
    const heard = site.open({ protocol, clientId: "robot" });
    const obeyed = recorder<string>();
    await heard.client.subscribe(order, ({ data }) => obeyed.push(data.text)).active;

    await publisher.publish(order.filter, foreign({ text: "live" }));
    await obeyed.next();
    await heard.client.close();
    const again = site.open({ protocol, clientId: "robot" });
    await again.client.subscribe(order, ({ data }) => obeyed.push(data.text)).active;
    await publisher.publish(order.filter, foreign({ text: "live again" }));
    await obeyed.next();
    const letters = await keptDead(site);

    expect(obeyed.seen).toEqual(["live", "live again"]);
    // MQTT 5 has a way to ask for none (Retain Handling 2), so there nothing comes at all.
    const isSent = protocol === "3.1.1";
    expect([...letters.values()].map(({ reason, topic }) => [reason, topic])).toEqual(
      isSent ? [["retained", order.filter]] : [],
    );
    expect(heard.count("retained_refused")).toBe(isSent ? 1 : 0);
  });

  test("of two subscriptions of one filter only the one that wants retained messages handles them", async () => {
    const publisher = await site.raw();
    await publisher.publish(order.filter, foreign({ text: "walk" }), RETAINED);
    const heard = site.open({ protocol, clientId: "robot" });
    const seen = recorder<string>();

    heard.client.subscribe(order, ({ data }) => seen.push(`obeyed ${data.text}`));
    heard.client.subscribe(order, ({ data }) => seen.push(`shown ${data.text}`), { retained: "handle" });
    await seen.next();
    await publisher.publish(order.filter, foreign({ text: "live" }));
    await seen.take(2);

    expect([...seen.seen].sort()).toEqual(["obeyed live", "shown live", "shown walk"]);
    expect(heard.count("retained_refused")).toBe(1);
    expect([...(await keptDead(site)).values()].map(({ reason }) => reason)).toEqual(["retained"]);
  });

  test("one that comes again with each connection is refused each time, and dead-lettered once", async () => {
    const publisher = await site.raw();
    await publisher.publish(order.filter, foreign({ text: "walk" }), RETAINED);
    const dead = await watchDead(site);
    const heard = site.open({ protocol, clientId: "robot" });
    const shown = recorder<string>();
    heard.client.subscribe(order, ({ data }) => shown.push(`obeyed ${data.text}`));
    // On MQTT 5 it comes at all only because somebody wants it.
    heard.client.subscribe(order, ({ data }) => shown.push(data.text), { retained: "handle" });
    await shown.next();
    // Settled, and the broker knows it: it must not send it again as unacknowledged.
    const { packet } = await site.link.record.until((each) => isPublish(each, order.filter));
    await site.link.seen((each) => isPubackUp(each) && each.packet?.messageId === packet?.messageId);
    await heard.client.publishConfirmed(mark, { text: "fence" });

    site.link.cut();
    await shown.next();
    await until(() => heard.count("retained_refused") === 2);
    await heard.client.flush();
    await dead.fence();

    expect(shown.seen).toEqual(["walk", "walk"]);
    expect(dead.letters.seen.flatMap(({ letter }) => letter?.reason ?? [])).toEqual(["retained"]);
  });

  test("a subscription that wants them gets retained messages, and is told that they are", async () => {
    const publisher = await site.raw();
    await publisher.publish(order.filter, foreign({ text: "walk" }), RETAINED);
    const { client } = site.open({ protocol });
    const seen = recorder<string>();

    client.subscribe(order, ({ data, retained }) => seen.push(`${data.text} ${retained}`), { retained: "handle" });

    expect(await seen.next()).toBe("walk true");
  });

  test("a state's current value comes with the subscription, and again with every connection", async () => {
    const publisher = await site.raw();
    await publisher.publish(lamp.filter, foreign({ text: "on" }), RETAINED);
    const { client } = site.open({ protocol, clientId: "lamp" });
    const seen = recorder<string>();
    client.subscribe(lamp, ({ data, retained }) => seen.push(`${data.text} ${retained}`));
    await seen.next();

    site.link.cut();

    expect(await seen.next()).toBe("on true");
  });

  test("whoever asked is told when the owner clears a state, others are not bothered", async () => {
    const { client } = site.open({ protocol });
    const owner = site.open({ protocol }).client;
    const dead = await watchDead(site);
    const seen = recorder<string>();
    const subscriptions = [
      client.subscribeState(lamp, (message) => {
        seen.push(message.cleared ? "cleared" : message.data.text);
      }),
      client.subscribe(lamp, ({ data }) => seen.push(`plain ${data.text}`)),
      client.subscribe(mark, () => seen.push("fence")),
    ];
    await Promise.all(subscriptions.map(({ active }) => active));

    owner.publish(lamp.at({}), { text: "on" });
    await seen.take(2);
    owner.clear(lamp.at({}));
    await owner.flush();
    owner.publish(mark.at({}), { text: "" });
    await seen.takeThrough((step) => step === "fence");
    await dead.fence();

    expect([...seen.seen].sort()).toEqual(["cleared", "fence", "on", "plain on"]);
    expect(dead.letters.seen.length).toBe(1);
  });
});
