/** The third life of a client whose handler ended two before it. A copy of the state that is open is what a SIGKILL leaves. */
import { recorder } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSite, PROTOCOLS, type Site } from "../client.fixture.ts";
import { stateDirectory } from "../outbox/state-directory.ts";
import { openStateFolder, type StateFolder } from "../outbox/state-folder.fixture.ts";
import { foreign, isPubackUp, publishesDown, task, watchDead } from "../wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("what was being handled when two lives ended is dead-lettered unhandled and acknowledged; what comes behind it is not", async () => {
    using folder = openStateFolder();
    const dead = await watchDead(site);
    const peer = await site.raw();
    const killer = foreign({ key: "killer", n: 1 }, { id: "m1" });
    const started = recorder<number>();
    /** A client that hears the message, and handles until it is closed. */
    const live = async ({ path }: StateFolder) => {
      const { client } = site.open({ protocol, state: stateDirectory(path) });
      const subscription = client.subscribe(task, ({ data, signal }) => {
        started.push(data.n);
        return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      });
      await subscription.active;
      await peer.publish(task.filter, killer);
      return client;
    };
    const killedIn = async (at: StateFolder): Promise<StateFolder> => {
      const client = await live(at);
      await started.next();
      const left = at.copy();
      await client.close();
      return left;
    };
    using once = await killedIn(folder);
    using twice = await killedIn(once);

    const client = await live(twice);
    const { letter } = await dead.letters.next();
    const come = publishesDown(site.link, task.filter).at(-1);
    await site.link.seen(
      (each) =>
        isPubackUp(each) && each.connection === come?.connection && each.packet?.messageId === come?.packet.messageId,
    );
    await peer.publish(task.filter, foreign({ key: "other", n: 2 }));
    await started.next();
    await client.close();

    expect(letter).toMatchObject({ reason: "killed_process", attempts: 2, original_id: "m1", topic: task.filter });
    expect(started.seen).toEqual([1, 1, 2]);
  });
});
