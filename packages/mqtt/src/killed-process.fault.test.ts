/** A message that kills the process of its handler: with a state directory it does so twice, and its neighbours are spared. */
import { recorder, within } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSite, PROTOCOLS, type Site } from "./client.fixture.ts";
import { type Program, startProgram, stateFolder } from "./durable.fixture.ts";
import { errand } from "./durable-topics.fixture.ts";
import { stateDirectory } from "./outbox/state-directory.ts";
import { foreign, keptDead, watchDead } from "./wire.fixture.ts";

let site: Site;
let folder: ReturnType<typeof stateFolder>;
beforeEach(async () => {
  site = await openSite();
  folder = stateFolder();
});
afterEach(async () => {
  folder[Symbol.dispose]();
  await site[Symbol.asyncDispose]();
});

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  const live = (): Program => startProgram("mortal-subscriber", [site.link.url, protocol, folder.path]);
  const saidBy = ({ lines }: Program, what: string): readonly number[] =>
    lines.seen.filter((line) => line.startsWith(what)).map((line) => Number(line.split(" ")[1]));

  test("it is dead-lettered when it comes the third time, and those that ran beside it are handled", async () => {
    const { client: absent } = site.open({ protocol, clientId: "mortal" });
    await absent.subscribe(errand, () => undefined).active;
    await absent.close();
    await using peer = await site.raw();
    for (const n of [0, 1, 2, 3, 4, 5]) {
      const key = n === 3 ? "killer" : `k${n}`;
      await peer.publish(errand.filter, foreign({ key, n }, { id: `m${n}` }));
    }

    await using first = live();
    const firstEnd = await within(10_000, first.exited);
    await using second = live();
    const secondEnd = await within(10_000, second.exited);
    await using third = live();
    const letters = await watchDead(site);
    const { letter } = await letters.letters.next();
    await peer.publish(errand.filter, foreign({ key: "fence", n: 6 }));
    await third.lines.until((line) => line === "handled 6");

    expect([firstEnd, secondEnd]).toEqual(["SIGKILL", "SIGKILL"]);
    expect(letter).toMatchObject({ reason: "killed_process", original_id: "m3", attempts: 2, topic: errand.filter });
    expect((await keptDead(site)).size).toBe(1);
    const lives = [first, second, third];
    expect(lives.map((life) => saidBy(life, "started").filter((n) => n === 3).length)).toEqual([1, 1, 0]);
    const handled = new Set(lives.flatMap((life) => saidBy(life, "handled")));
    expect([...handled].toSorted()).toEqual([0, 1, 2, 4, 5, 6]);
  });

  test("a client that closed in order while a handler ran has killed nothing", async () => {
    const state = stateDirectory(folder.path);
    const lives = [0, 1, 2];
    await using peer = await site.raw();
    const seen = recorder<{ readonly life: number; readonly redelivered: boolean }>();
    for (const life of lives) {
      const { client } = site.open({ protocol, clientId: "closes", state, drainMs: 0 });
      const subscription = client.subscribe(errand, async ({ redelivered, signal }) => {
        seen.push({ life, redelivered });
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
        throw signal.reason;
      });
      await subscription.active;
      if (life === 0) await peer.publish(errand.filter, foreign({ key: "a", n: 1 }));
      await seen.until((call) => call.life === life);
      await client.close();
    }

    expect(seen.seen.map(({ life }) => life)).toEqual(lives);
    expect((await keptDead(site)).size).toBe(0);
  });
});
