import { recorder } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSite, PROTOCOLS, type Site, word } from "./client.fixture.ts";
import { rawTopic } from "./contract/index.ts";
import { foreign, untilAcknowledged, watchDead } from "./wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

/** More than the 16 MiB that a client holds. */
const HUGE = "x".repeat(17 * 1024 * 1024);

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("a message larger than a client holds costs neither the connection nor the next message of its key", async () => {
    const heard = site.open({ protocol, clientId: "service" });
    const dead = await watchDead(site);
    const seen = recorder<string>();
    const typed = heard.client.subscribe(word, ({ data }) => seen.push(`typed ${data.text.length}`));
    const raw = heard.client.subscribe(rawTopic(word.filter), ({ payload }) =>
      seen.push(`raw ${payload.length > 1_000}`),
    );
    await Promise.all([typed.active, raw.active]);
    const publisher = await site.raw();

    await publisher.publish(word.filter, foreign({ text: HUGE }), { qos: 1 });
    await publisher.publish(word.filter, foreign({ text: "next" }));
    await seen.take(2);
    await untilAcknowledged(site.link, protocol === "5" ? 1 : 2);
    await dead.fence();

    expect([...seen.seen].sort()).toEqual(["raw false", "typed 4"]);
    expect(heard.client.state).toMatchObject({ kind: "up", epoch: 1 });
    // An MQTT 5 broker was told the bound and keeps the message to itself.
    const letters = dead.letters.seen.flatMap(({ letter }) => (letter === undefined ? [] : [letter]));
    expect(letters.map(({ reason, topic }) => [reason, topic])).toEqual(
      protocol === "5" ? [] : [["too_large", word.filter]],
    );
  });
});
