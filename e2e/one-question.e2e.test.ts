/** One typed question through all services: the real ones, side by side in this process, over a real broker. */
import { randomBytes } from "node:crypto";
import { turnAsk } from "@ts-tars/contracts";
import {
  openBroker,
  openWorld,
  plantedWords,
  type RawClient,
  rawClient,
  type TestBroker,
  type World,
} from "@ts-tars/harness";
import { llmWorkerService } from "@ts-tars/llm-worker";
import { type Client, connect } from "@ts-tars/mqtt";
import { routerService } from "@ts-tars/router";
import { createLog, type Service, startService } from "@ts-tars/service";
import { ttsWorkerService } from "@ts-tars/tts-worker";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

interface Seen {
  readonly topic: string;
  readonly source: string;
  readonly correlation_id?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const QUIET = createLog({ name: "e2e", level: "silent" });

describe.each(["mosquitto", "aedes"] as const)("over %s", (kind) => {
  let broker: TestBroker;
  let world: World;
  let asker: Client;
  let record: RawClient;

  beforeAll(async () => {
    broker = await openBroker({ kind });
    const protocol = kind === "aedes" ? "3.1.1" : "5";
    const env = {
      XDG_CONFIG_HOME: "/nonexistent",
      MQTT_URL: broker.url,
      MQTT_PROTOCOL: protocol,
      TARS_FAKE_NOW: "2031-05-06T21:07:00Z",
      TZ: "Asia/Tokyo",
      TTS_ENGINE: "silent",
      TTS_SINK: "null",
      TTS_SILENT_CHARS_PER_SEC: "1000",
    };
    const services: Record<string, Service> = {
      "tts-worker": (lifetime) => startService(ttsWorkerService, { lifetime, sources: { env }, log: QUIET }),
      "llm-worker": (lifetime) => startService(llmWorkerService, { lifetime, sources: { env }, log: QUIET }),
      router: (lifetime) => startService(routerService, { lifetime, sources: { env }, log: QUIET }),
    };
    world = await openWorld({ services });
    asker = connect({ url: broker.url, source: "asker", protocol });
    await asker.ready();
  });
  afterAll(async () => {
    await asker.close();
    await world[Symbol.asyncDispose]();
    await broker[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    record = await rawClient({ url: broker.url, protocolVersion: kind === "aedes" ? 4 : 5 });
    await record.subscribe(["turn/ask", "turn/answer", "llm/+", "tts/say", "tts/status"]);
    return () => record.end();
  });

  function ask(text: string): string {
    const uttId = randomBytes(16).toString("hex");
    asker.publish(turnAsk, { utt_id: uttId, text }, { correlationId: uttId });
    return uttId;
  }

  /** Everything that belongs to the turn, up to its final answer. */
  async function turnOf(uttId: string): Promise<readonly Seen[]> {
    const messages = await record.received.takeThrough(({ topic, text }) => {
      return topic === "turn/answer" && text.includes(uttId) && text.includes('"final":true');
    });
    return messages
      .map(({ topic, text }): Seen => ({ topic, ...JSON.parse(text) }))
      .filter(({ correlation_id }) => correlation_id === uttId);
  }

  const lastOf = (turn: readonly Seen[]): Seen["data"] | undefined => turn.at(-1)?.data;

  /** Who said what: `router tts/say`; a status with its event. */
  const stepOf = ({ topic, source, data }: Seen): string =>
    [
      source,
      topic,
      ...(topic === "tts/status" ? [data["event"]] : []),
      ...(data["final"] === true ? ["final"] : []),
    ].join(" ");

  test("what the router knows itself is spoken to its end, and then answered for good", async () => {
    const turn = await turnOf(ask("What time is it?"));

    // The text is written down and sent to be spoken at once; no order is promised between topics.
    expect(turn.map(stepOf).filter((step) => step !== "router turn/answer")).toEqual([
      "asker turn/ask",
      "router tts/say",
      ...["tts-worker tts/status queued", "tts-worker tts/status speaking_start", "tts-worker tts/status speaking_end"],
      "router turn/answer final",
    ]);
    expect(lastOf(turn)).toMatchObject({ path: "intent", text: "It is 6:07 AM." });
  });

  test("what it does not know comes from the model, and is spoken sentence by sentence", async () => {
    const turn = await turnOf(ask(plantedWords("Why is the sky")));

    const steps = turn.map(stepOf);
    expect(steps).toContain("router llm/request");
    expect(steps).toContain("llm-worker llm/stream");
    expect(steps).toContain("llm-worker llm/response");
    const said = turn.filter(({ topic, data }) => topic === "tts/say" && data["text"] !== "");
    const spoken = turn.filter(({ topic, data }) => topic === "tts/status" && data["event"] === "speaking_end");
    expect(said.length).toBeGreaterThan(1);
    expect(spoken.map(({ data }) => [data["say_id"], data["reason"]])).toEqual(
      said.map(({ data }) => [data["say_id"], "done"]),
    );
    expect(lastOf(turn)).toMatchObject({
      path: "offline",
      text: expect.stringMatching(/without a language model.* I need a model/u),
    });
  });

  test("what is asked while the router is away is answered when it is back", async () => {
    await world.stop("router");
    const uttId = ask("What time is it?");
    await asker.flush();
    await world.start("router");

    const turn = await turnOf(uttId);

    expect(turn.map(stepOf)).toContain("tts-worker tts/status speaking_end");
    expect(lastOf(turn)).toMatchObject({ path: "intent", text: "It is 6:07 AM." });
  });
});
