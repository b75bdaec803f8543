import { expect, test } from "vitest";
import { rawClient } from "../raw-client.ts";
import { openBroker } from "../test-broker.ts";
import { openLink } from "./link.ts";

for (const protocolVersion of [4, 5] as const) {
  test(`A link records every packet both ways on protocol version ${protocolVersion}`, async () => {
    await using broker = await openBroker();
    await using link = await openLink({ target: broker.target });
    await using client = await rawClient({ url: link.url, protocolVersion, clientId: "recorded" });

    await client.subscribe("a/#");
    await client.publish("a/b", "hello");
    await client.received.next();
    await client.end();
    await link.seen(({ packet }) => packet?.cmd === "disconnect");

    const story = link.packets().map(({ direction, packet }) => `${direction} ${packet?.cmd}`);
    expect(story.slice(0, 5)).toEqual(["up connect", "down connack", "up subscribe", "down suback", "up publish"]);
    expect(story.slice(5).sort()).toEqual(["down puback", "down publish", "up disconnect", "up puback"].sort());
    expect(link.connections()[0]).toMatchObject({ clientId: "recorded", protocolVersion, isOpaque: false });
    expect(link.packets().every(({ forwarded }) => forwarded)).toBe(true);
  });
}
