import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lamp, mark, openSite, PROTOCOLS, type Site, texts, word } from "../client.fixture.ts";
import { ContractViolationError } from "../errors.ts";
import { publishesUp, type SeenPublish } from "../wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

const envelopeOf = ({ packet }: SeenPublish) => JSON.parse(packet.payload.toString());
/** What the broker keeps for `lamp` now. */
const kept = async (): Promise<string | undefined> => {
  await using reader = await site.raw();
  await reader.publish("test/fence", "", { retain: false });
  await reader.subscribe([lamp.filter, "test/after"]);
  await reader.publish("test/after", "");
  const [first] = await reader.received.takeThrough(({ topic }) => topic === "test/after");
  return first?.topic === lamp.filter ? JSON.parse(first.text).data.text : undefined;
};
const isPubackDown = ({ packet, direction }: { packet: { cmd: string } | undefined; direction: string }): boolean =>
  packet?.cmd === "puback" && direction === "down";

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("of values set while offline only the last one is sent, and the others are reported as superseded", async () => {
    const { client, undelivered } = site.open({ protocol });
    await client.ready();
    site.link.down();
    for await (const state of client.watch()) if (state.kind === "down") break;

    const ids = texts(5).map((text) => client.publish(lamp.at({}), { text }));
    await site.link.up();
    await client.flush();

    expect(publishesUp(site.link, lamp.filter).map((each) => envelopeOf(each).data.text)).toEqual(["4"]);
    expect(undelivered.seen).toEqual(ids.slice(0, 4).map((id) => ({ id, topic: lamp.filter, reason: "superseded" })));
    expect(await kept()).toBe("4");
  });

  test("of values that were all in flight when the link was cut the last one stands at the broker", async () => {
    const { client } = site.open({ protocol, clientId: "owner" });
    await client.ready();
    const deliver = site.link.intercept((packet) => (isPubackDown(packet) ? "drop" : undefined));

    for (const text of texts(5)) {
      client.publish(lamp.at({}), { text });
      await site.link.record.untilAll(() => publishesUp(site.link, lamp.filter).length === Number(text) + 1);
    }
    await site.link.record.untilAll((seen) => seen.filter(isPubackDown).length === 5);
    deliver();
    site.link.cut();
    await client.flush();

    const again = publishesUp(site.link, lamp.filter).filter(({ connection }) => connection > 1);
    expect(again.map((each) => envelopeOf(each).data.text)).toEqual(["4"]);
    expect(await kept()).toBe("4");
  });

  test("a kept value is published now, when it changes, and at every connection, each time with a new id", async () => {
    const { client } = site.open({ protocol, clientId: "owner" });
    await client.ready();
    let text = "first";

    const keeping = client.keep(lamp.at({}), () => ({ text }));
    await client.flush();
    text = "second";
    keeping.changed();
    await client.flush();
    site.link.cut();
    await site.link.record.untilAll(() => publishesUp(site.link, lamp.filter).length === 3);
    await client.flush();

    const envelopes = publishesUp(site.link, lamp.filter).map(envelopeOf);
    expect(envelopes.map(({ data }) => data.text)).toEqual(["first", "second", "second"]);
    expect(new Set(envelopes.map(({ id }) => id)).size).toBe(3);
  });

  test("a kept value survives a broker that forgot everything", async () => {
    const { client } = site.open({ protocol, clientId: "owner" });
    client.keep(lamp.at({}), () => ({ text: "on" }));
    await client.ready();
    await client.flush();

    await site.broker.restart({ store: "emptied" });
    await site.link.record.untilAll(() => publishesUp(site.link, lamp.filter).length === 2);
    await client.flush();

    expect(await kept()).toBe("on");
  });

  test("a value that is no longer kept stays at the broker and is not published again", async () => {
    const { client } = site.open({ protocol, clientId: "owner" });
    await client.ready();
    const keeping = client.keep(lamp.at({}), () => ({ text: "on" }));
    await client.flush();

    keeping.stop();
    keeping.changed();
    site.link.cut();
    for await (const state of client.watch()) if (state.kind === "up" && state.epoch === 2) break;
    await client.publishConfirmed(mark, { text: "fence" });

    expect(publishesUp(site.link, lamp.filter).length).toBe(1);
    expect(await kept()).toBe("on");
  });

  test("a cleared state is gone from the broker", async () => {
    const { client } = site.open({ protocol });
    await client.publishConfirmed(lamp.at({}), { text: "on" });
    const before = await kept();

    client.clear(lamp.at({}));
    await client.flush();

    expect([before, await kept()]).toEqual(["on", undefined]);
  });

  test("only a state can be kept, only once, and only with a value that fits its contract", () => {
    const { client } = site.open({ protocol });
    const wrong = { text: 7 } as unknown as { text: string }; // what a caller without a compiler may pass

    expect(() => client.keep(word.at({}), () => ({ text: "" }))).toThrow(/is no state/);
    expect(() => client.keep(lamp.at({}), () => wrong)).toThrow(ContractViolationError);
    client.keep(lamp.at({}), () => ({ text: "" }));
    expect(() => client.keep(lamp.at({}), () => ({ text: "" }))).toThrow(/is kept already/);
  });

  test("a kept value that breaks at a connection is logged, and the others are kept all the same", async () => {
    const { client, log } = site.open({ protocol, clientId: "owner" });
    await client.ready();
    let isBroken = false;
    client.keep(lamp.at({}), () => {
      if (isBroken) throw new Error("no value");
      return { text: "on" };
    });
    await client.flush();
    isBroken = true;

    site.link.cut();
    await log.until(({ message }) => message === "kept value could not be published");

    await client.publishConfirmed(mark, { text: "it goes on" });
  });
});

test("a state that is cleared must be a state", () => {
  const { client } = site.open();

  expect(() => client.clear(word.at({}))).toThrow(TypeError);
});
