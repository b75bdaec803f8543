/** What a publish makes of its data: one payload, whose id the caller has. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { openSite, PROTOCOLS, type Site, word } from "../client.fixture.ts";
import { defineTopic } from "../contract/index.ts";
import { publishesUp } from "../wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

/** Carries whatever it is given, as JSON sees it. */
const parcel = defineTopic({
  name: "test/parcel",
  type: "test.parcel",
  delivery: "event",
  payload: z.object({ content: z.custom<object>() }),
});

test.each(PROTOCOLS)("on MQTT %s data is serialised once, also when it has to be sent again", async (protocol) => {
  const { client } = site.open({ protocol, clientId: "ours" });
  await client.ready();
  let serialised = 0;
  const content = {
    toJSON: () => {
      serialised += 1;
      return `time ${serialised}`;
    },
  };
  // Its first confirmation is lost, so that it is sent again over the next connection.
  site.link.intercept(({ packet, connection }) => (packet?.cmd === "puback" && connection === 1 ? "drop" : undefined));

  const confirmed = client.publishConfirmed(parcel, { content });
  await site.link.seen(({ packet }) => packet?.cmd === "puback");
  site.link.cut();
  await confirmed;

  const sent = publishesUp(site.link, parcel.filter).map(({ packet }) => packet.payload.toString());
  expect([serialised, sent.length]).toEqual([1, 2]);
  expect(sent[1]).toBe(sent[0]);
});

test.each(PROTOCOLS)(
  "on MQTT %s publish returns the id that its envelope carries, beside the correlation id",
  async (protocol) => {
    const { client } = site.open({ protocol });

    const id = client.publish(word, { text: "a" }, { correlationId: "turn-1" });
    await client.flush();

    const [sent] = publishesUp(site.link, word.filter);
    expect(JSON.parse(sent?.packet.payload.toString() ?? "{}")).toMatchObject({ id, correlation_id: "turn-1" });
    expect(id).not.toBe("turn-1");
  },
);
