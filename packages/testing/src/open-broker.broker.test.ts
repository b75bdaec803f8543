import { connect, defineTopic } from "@ts-tars/mqtt";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type BrokerOptions, openBroker, openLink, recorder } from "./index.ts";
import { kindHere } from "./open-broker.ts";

const word = defineTopic({
  name: "testing/word",
  type: "testing.word",
  delivery: "event",
  payload: z.object({ text: z.string() }),
});

describe("the broker for a user's tests", () => {
  it.each<BrokerOptions>([{ kind: "mosquitto" }, { kind: "aedes" }, {}])(
    "carries a message when opened with %o",
    async (options) => {
      await using broker = await openBroker(options);
      await using client = connect({ url: broker.url });
      const heard = recorder<string>();
      await client.subscribe(word, ({ data }) => heard.push(data.text)).active;

      client.publish(word, { text: "hello" });

      expect(await heard.next()).toBe("hello");
      expect(broker.kind).toBe(options.kind ?? "mosquitto");
    },
  );

  it("is for kind any Mosquitto where that is found, and Aedes elsewhere", async () => {
    expect(await kindHere(async () => ({ path: "/usr/sbin/mosquitto", version: "2.0.11" }))).toBe("mosquitto");
    expect(await kindHere(async () => undefined)).toBe("aedes");
  });

  it("delivers what was published while the link before it was cut", async () => {
    await using broker = await openBroker({ kind: "any" });
    await using link = await openLink({ target: broker.target });
    await using client = connect({ url: link.url, clientId: "cut" });
    const heard = recorder<string>();
    await client.subscribe(word, ({ data }) => heard.push(data.text)).active;

    link.cut();
    client.publish(word, { text: "afterwards" });

    expect(await heard.next()).toBe("afterwards");
    expect(link.connections().length).toBeGreaterThan(1);
  });
});
