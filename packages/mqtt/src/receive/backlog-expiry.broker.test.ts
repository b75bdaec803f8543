/** On MQTT 3.1.1 no broker says how old a message is: what a session kept for us is judged by its sender's own clock. */
import { recorder, until } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { openSite, order } from "../client.fixture.ts";
import { acknowledged, foreign, openClocked, untilAcknowledged } from "../wire.fixture.ts";

/** More than the time to live of `order`. */
const AWAY_MS = 11_000;

test("a command that grew old while we were away is not obeyed, but counted and acknowledged", async () => {
  await using site = await openSite();
  await using robot = openClocked(site, { protocol: "3.1.1", clientId: "robot" });
  const obeyed = recorder<string>();
  await robot.client.subscribe(order, ({ data }) => obeyed.push(data.text)).active;
  const sender = await site.raw();
  await sender.publish(order.filter, foreign({ text: "live" }));
  await obeyed.next();
  await untilAcknowledged(site.link, 1);

  site.link.down();
  await until(() => robot.client.state.kind === "down");
  const nowSec = Date.now() / 1_000;
  await sender.publish(order.filter, foreign({ text: "old" }, { ts: nowSec - AWAY_MS / 1_000 }));
  await sender.publish(order.filter, foreign({ text: "young" }, { ts: nowSec }));
  await robot.clock.advance(AWAY_MS);
  await site.link.up();
  await until(async () => {
    if (robot.client.state.kind === "up") return true;
    await robot.clock.advance(100);
    return false;
  });
  await obeyed.next();
  await untilAcknowledged(site.link, 3);

  expect(obeyed.seen).toEqual(["live", "young"]);
  expect([robot.count("expired_inbound"), acknowledged(site.link).length]).toEqual([1, 3]);
});
