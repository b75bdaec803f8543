/** The control link when its path breaks without a word: it must be known, for what a stop drives depends on it. */
import { recorder, until } from "@ts-tars/harness";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { halt, openSite, PROTOCOLS, type Site } from "./client.fixture.ts";
import { foreign } from "./wire.fixture.ts";

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site[Symbol.asyncDispose]());

describe.each(PROTOCOLS)("on MQTT %s", (protocol) => {
  test("a control link that falls silent is reported as down while the data link is up, and is replaced", async () => {
    const { client } = site.open({ protocol, clientId: "ours", control: true, probeAfterMs: 100, probeTimeoutMs: 150 });
    const halted = recorder<string>();
    await client.subscribe(halt, ({ data }) => halted.push(data.text)).active;
    await client.ready();
    const controls = recorder<string>();
    const watching = (async () => {
      for await (const state of client.watch()) if (state.kind === "up") controls.push(state.control);
    })();
    await controls.until((control) => control === "up");

    // What the broker answers on the control link is swallowed; the data link is left alone.
    const silenced = site.link.connections().filter(({ clientId }) => clientId === "ours!c");
    const silence = site.link.intercept(({ connection, direction }) =>
      direction === "down" && silenced.some(({ id }) => id === connection) ? "drop" : undefined,
    );
    await controls.until((control) => control === "down");
    await until(() => client.state.kind === "up" && client.state.control === "up");
    silence();

    const publisher = await site.raw();
    await until(() => site.link.connections().filter(({ clientId }) => clientId === "ours!c").length === 2);
    await site.link.seen(({ packet, connection }) => packet?.cmd === "suback" && connection > (silenced[0]?.id ?? 0));
    await publisher.publish(halt.filter, foreign({ text: "stop" }));
    expect(await halted.next()).toBe("stop");
    expect(client.state).toMatchObject({ kind: "up", epoch: 1, control: "up" });
    await client.close();
    await watching;
  });
});
