/** A command that has become worthless while it was being tried. */
import { recorder, until } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSite, order, PROTOCOLS, type Site } from "./client.fixture.ts";
import { foreign, openClocked, watchDead } from "./wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("a command that failed is not tried again after its time to live", async () => {
    const dead = await watchDead(site);
    await using robot = openClocked(site, { protocol });
    const attempts = recorder<number>();
    const subscription = robot.client.subscribe(
      order,
      ({ attempt, signal }) => {
        attempts.push(attempt);
        return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      },
      { timeoutMs: 12_000 },
    );
    await subscription.active;
    const raw = await site.raw();
    await raw.publish(order.filter, foreign({ text: "go" }));
    await attempts.next();

    await robot.clock.advance(12_000);
    await until(async () => {
      await robot.clock.advance(500);
      return dead.letters.seen.length > 0;
    });

    expect(dead.letters.seen[0]?.letter).toMatchObject({ reason: "handler_failed", attempts: 1 });
    expect(attempts.seen).toEqual([1]);
  });
});
