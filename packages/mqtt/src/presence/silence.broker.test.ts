import { manualClock, recorder } from "@ts-tars/harness";
import { expect, test } from "vitest";
import { lamp, openSite } from "../client.fixture.ts";
import { foreign } from "../wire.fixture.ts";
import type { PresenceView } from "./presence-view.ts";
import { readPresence } from "./read-presence.ts";

test("whoever says nothing for 45 s is not shown as alive any more, with nothing configured and no will sent", async () => {
  await using site = await openSite();
  const { client } = site.open();
  const clock = manualClock();
  const views = recorder<PresenceView<{ readonly text: string }>["kind"]>();
  const people = readPresence(client, lamp, {
    sessionOf: ({ text }) => text,
    isAlive: () => true,
    onChange: (_topic, { kind }) => views.push(kind),
    clock: { ...clock, epochMs: () => Date.now() },
  });
  await people.active;
  const parrot = await site.raw();
  await parrot.publish(lamp.filter, foreign({ text: "session" }), { retain: true });
  await views.until((kind) => kind === "alive");

  await clock.advance(44_000);
  const before = people.get(lamp.filter).kind;
  await clock.advance(2_000);

  expect([before, people.get(lamp.filter).kind]).toEqual(["alive", "unknown"]);
});

test("whose presence its owner clears is absent, and everybody who was ever heard is listed", async () => {
  await using site = await openSite();
  const { client } = site.open();
  const kinds = recorder<PresenceView<{ readonly text: string }>["kind"]>();
  const people = readPresence(client, lamp, {
    sessionOf: ({ text }) => text,
    isAlive: () => true,
    onChange: (_topic, { kind }) => kinds.push(kind),
  });
  await people.active;
  const before = people.all().size;
  const parrot = site.open().client;

  parrot.publish(lamp.at({}), { text: "session" });
  await kinds.next();
  parrot.clear(lamp.at({}));
  await kinds.next();

  expect([before, kinds.seen]).toEqual([0, ["alive", "absent"]]);
  expect([...people.all()]).toEqual([[lamp.filter, { kind: "absent" }]]);
});
