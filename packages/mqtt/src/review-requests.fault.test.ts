/** Questions whose answer could not reach the asker: the reply subscription is away, refused, or never comes. */
import type { LinkPacket } from "@ts-tars/harness";
import { until } from "@ts-tars/harness";
import type { Packet } from "mqtt-packet";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSite, PROTOCOLS, type Site, standing, sum } from "./client.fixture.ts";
import { ContractViolationError, SubscriptionRefusedError } from "./errors.ts";
import { publishesUp } from "./wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

/** The CONNECT of a control link. */
/** The same SUBACK, refusing. Our parser lists its codes as `granted`, which the writer takes too. */
function refusing(packet: Packet): Packet {
  return { ...packet, granted: [0x80] } as Packet; // a SUBACK stays one
}

function isControlConnect({ packet }: LinkPacket): boolean {
  return packet?.cmd === "connect" && packet.clientId.endsWith("!c");
}

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("a question asked while the control link is away leaves only when its answer can come", async () => {
    const answering = site.open({ protocol, url: site.broker.url });
    await answering.client.respond(sum, ({ data: { a, b } }) => ({ sum: a + b })).active;
    const { client } = site.open({ protocol, attemptTimeoutMs: 100 });
    await client.request(sum, { a: 0, b: 0 });
    const release = site.link.intercept((packet) => (isControlConnect(packet) ? "drop" : "forward"));
    site.link.cut();
    await until(() => client.state.kind === "up" && client.state.control === "down");

    const asked = client.request(sum, { a: 1, b: 2 });
    const before = await standing(client.flush());
    const sentBefore = publishesUp(site.link, sum.request.filter).length;
    release();

    expect(await asked).toEqual({ sum: 3 });
    expect([before, sentBefore]).toEqual(["resolved", 1]);
  });

  test("a refused reply subscription is asked for again by the next question", async () => {
    const answering = site.open({ protocol, url: site.broker.url });
    await answering.client.respond(sum, ({ data: { a, b } }) => ({ sum: a + b })).active;
    const { client } = site.open({ protocol });
    await client.ready();
    const release = site.link.intercept(({ packet }) =>
      packet?.cmd === "suback" ? { replace: refusing(packet) } : "forward",
    );
    await expect(client.request(sum, { a: 1, b: 2 })).rejects.toBeInstanceOf(SubscriptionRefusedError);
    release();

    expect(await client.request(sum, { a: 1, b: 2 })).toEqual({ sum: 3 });
  });

  test("a question that breaks its contract is rejected at once, also while no link is up", async () => {
    const { client } = site.open({ protocol });
    site.link.down();

    const asked = client.request(sum, { a: 1, b: Number.NaN });

    await expect(asked).rejects.toBeInstanceOf(ContractViolationError);
  });
});
