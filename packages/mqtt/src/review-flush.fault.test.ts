import { afterEach, beforeEach, expect, test } from "vitest";
import { openSite, type Site, word } from "./client.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

test("a flush that is cut short by close() resolves only when what was queued has been reported undelivered", async () => {
  const { client, undelivered } = site.open();
  await client.ready();
  site.link.stall("down");
  const id = client.publish(word, { text: "never confirmed" });

  const reportedAtFlush = client.flush().then(() => undelivered.seen.map((each) => [each.id, each.reason]));
  await client.close();

  expect(await reportedAtFlush).toEqual([[id, "closed"]]);
});
