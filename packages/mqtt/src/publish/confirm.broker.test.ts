import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mark, murmur, openSite, PROTOCOLS, type Site, word } from "../client.fixture.ts";
import { openClocked, publishesUp, untilUp } from "../wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  // Whether anybody listens is told by the broker.
  site = await openSite({ unheard: true });
});
afterEach(() => site[Symbol.asyncDispose]());

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("a confirmed message is at the broker, which says on MQTT 5 alone whether anybody listens", async () => {
    const { client } = site.open({ protocol });
    const listener = await site.raw();
    await listener.subscribe(word.filter);

    const heard = await client.publishConfirmed(word, { text: "to somebody" });
    const unheard = await client.publishConfirmed(mark, { text: "to nobody" });

    expect(JSON.parse((await listener.received.next()).text).id).toBe(heard.id);
    expect([heard.matched, unheard.matched]).toEqual(protocol === "5" ? [true, false] : [undefined, undefined]);
  });

  test("a message that was never sent by its deadline is withdrawn, says so, and is not sent later", async () => {
    await using heard = openClocked(site, { protocol });
    const { client, clock, undelivered } = heard;
    await client.ready();
    site.link.down();
    for await (const state of client.watch()) if (state.kind === "down") break;

    const confirmed = client.publishConfirmed(word, { text: "never" }, { timeoutMs: 700 });
    const refusal = expect(confirmed).rejects.toMatchObject({
      name: "UndeliveredError",
      reason: "timeout",
      sent: "no",
    });
    await clock.advance(700);
    await refusal;
    await site.link.up();
    await untilUp(heard);
    await client.publishConfirmed(mark, { text: "fence" });

    expect(publishesUp(site.link, word.filter)).toEqual([]);
    expect(undelivered.seen).toMatchObject([{ topic: word.filter, reason: "expired" }]);
  });

  test("a message that was sent and not confirmed by its deadline may have arrived, and is left to its end", async () => {
    await using heard = openClocked(site, { protocol, clientId: "unsure" });
    const { client, clock, undelivered } = heard;
    await client.ready();
    const deliver = site.link.intercept(({ packet, direction }) =>
      packet?.cmd === "puback" && direction === "down" ? "drop" : undefined,
    );

    const confirmed = client.publishConfirmed(word, { text: "maybe" }, { timeoutMs: 700 });
    const refusal = expect(confirmed).rejects.toMatchObject({
      name: "UndeliveredError",
      reason: "timeout",
      sent: "maybe",
    });
    await site.link.seen(({ packet, direction }) => packet?.cmd === "puback" && direction === "down");
    await clock.advance(700);
    await refusal;
    deliver();
    site.link.cut();
    await untilUp(heard);
    await client.flush();

    expect(publishesUp(site.link, word.filter).map(({ packet }) => packet.dup)).toEqual([false, true]);
    expect(undelivered.seen).toEqual([]);
  });

  test("an abort rejects with the signal's own reason and withdraws what was not sent", async () => {
    site.link.down();
    const { client, undelivered } = site.open({ protocol });
    const controller = new AbortController();

    const confirmed = client.publishConfirmed(word, { text: "" }, { signal: controller.signal });
    const early = client.publishConfirmed(mark, { text: "" }, { signal: AbortSignal.abort(new Error("before")) });
    controller.abort(new Error("changed my mind"));

    await expect(confirmed).rejects.toThrow("changed my mind");
    await expect(early).rejects.toThrow("before");
    expect(undelivered.seen.map(({ topic, reason }) => [topic, reason])).toEqual([[word.filter, "expired"]]);
  });

  test("closing the client settles whoever waits for a confirmation, as closed", async () => {
    site.link.down();
    const { client } = site.open({ protocol });
    const confirmed = expect(client.publishConfirmed(word, { text: "" })).rejects.toMatchObject({
      name: "UndeliveredError",
      reason: "closed",
      sent: "no",
    });

    await client.close();

    await confirmed;
  });

  test("a stream has no confirmation to wait for", async () => {
    const { client } = site.open({ protocol });

    expect(await client.publishConfirmed(murmur, { text: "" })).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });
});

test("on MQTT 5 a message that the broker forbids is refused with its reason code, to the caller and to onUndelivered", async () => {
  const directory = await mkdtemp(join(tmpdir(), "ts-tars-acl-"));
  const aclFile = join(directory, "acl");
  await writeFile(aclFile, `topic readwrite ${mark.filter}\n`);
  await using strict = await openSite({ aclFile });
  const { client, undelivered } = strict.open({ protocol: "5" });

  const refusal = await client.publishConfirmed(word, { text: "" }).catch((error: unknown) => error);
  await client.publishConfirmed(mark, { text: "allowed" });
  await rm(directory, { recursive: true });

  expect(refusal).toMatchObject({ name: "UndeliveredError", reason: "refused", reasonCode: 0x87, sent: "maybe" });
  expect(undelivered.seen).toMatchObject([{ topic: word.filter, reason: "refused", reasonCode: 0x87 }]);
  expect(client.state).toMatchObject({ kind: "up", epoch: 1 });
});
