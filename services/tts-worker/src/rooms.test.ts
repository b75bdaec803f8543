import { manualClock } from "@ts-tars/harness";
import { describe, expect, test } from "vitest";
import type { Happening } from "./loudspeaker.ts";
import { Rooms } from "./rooms.ts";
import type { Report, Sentence } from "./sentence.ts";
import { type FakeSink, NO_LOG, openFakeSink } from "./stage.fixture.ts";
import { Take } from "./take.ts";

const PLAIN: Sentence = {
  ...{ uttId: "t1", sayId: "a", seq: 0, isLast: true, kind: "answer", text: "It is late." },
  ...{ voice: undefined, lang: undefined },
};

function openStage(siteCountMax = 3) {
  const [clock, sinks] = [manualClock(), new Map<string, FakeSink>()];
  const reports: string[] = [];
  const begun: string[] = [];
  const rooms: Rooms = new Rooms({
    ...{ clock, log: NO_LOG, volume: 0.8, siteCountMax },
    synthesis: {
      begin: async ({ text }, signal) => {
        begun.push(text);
        signal.addEventListener("abort", () => begun.push(`end of ${text}`));
        return new Take({ expectedMs: 1_000, pcm: nothing() }, { completed: () => undefined, broke: () => undefined });
      },
    },
    openSink: (siteId) => {
      const sink = openFakeSink(siteId);
      sinks.set(siteId, sink);
      return sink;
    },
    post: (siteId: string, happening: Happening) => rooms.handle(siteId, happening),
    report: (siteId: string, { event, sentence }: Report) => reports.push(`${siteId} ${event} ${sentence.sayId}`),
  });
  const say = async (siteId: string, sentence: Partial<Sentence> = {}): Promise<void> => {
    rooms.handle(siteId, { type: "requested", sentence: { ...PLAIN, ...sentence } });
    await clock.advance(0);
  };
  const end = async (siteId: string): Promise<void> => {
    sinks.get(siteId)?.end();
    await clock.advance(1_000);
  };
  return { rooms, sinks, reports, say, end, begun, clock };
}

async function* nothing(): AsyncGenerator<Int16Array, void, undefined> {
  yield new Int16Array(16_000);
}

describe("the sites", () => {
  test("that was silent for longest makes room for a new one", async () => {
    const { sinks, reports, say, end } = openStage();
    await say("kitchen");
    await say("bath");
    await end("kitchen");
    await end("bath");

    await say("cellar");

    expect(reports.at(-1)).toBe("cellar speaking_start a");
    expect(["default", "kitchen", "bath"].map((site) => sinks.get(site)?.log.includes("close") ?? false)).toEqual([
      false,
      true,
      false,
    ]);
  });

  test("that speak are not closed: one too many is refused, and heard once another is silent", async () => {
    const { reports, say, end } = openStage();
    await say("kitchen");
    await say("bath");

    await say("cellar");
    expect(reports.at(-1)).toBe("cellar failed a");
    await end("bath");
    await say("cellar", { sayId: "b" });

    expect(reports.at(-1)).toBe("cellar speaking_start b");
  });

  test("begin with the volume of the house, and what was cancelled is cancelled there too", async () => {
    const { rooms, sinks, reports, say } = openStage();
    rooms.cancel("t1");

    await say("kitchen");

    expect(reports).toEqual(["kitchen failed a"]);
    expect(sinks.get("kitchen")?.log).toEqual(["volume 0.8"]);
  });

  test("have a volume and a mute of their own, which change what sounds", async () => {
    const { rooms, sinks, say } = openStage();
    await say("kitchen");

    rooms.setLoudness({ action: "mute", site_id: "kitchen" });
    rooms.setLoudness({ action: "volume", volume: 0.3, site_id: "kitchen" });
    rooms.setLoudness({ action: "unmute", site_id: "kitchen" });

    expect(sinks.get("kitchen")?.log.filter((line) => line.startsWith("volume"))).toEqual([
      "volume 0.8",
      "volume 0",
      "volume 0",
      "volume 0.3",
    ]);
    expect(rooms.detail).toEqual({ volume: 0.8, muted_sites: "" });
  });

  test("all take the volume of the settings when that is changed, those that are muted when they are heard again", async () => {
    const { rooms, sinks, say } = openStage();
    await say("kitchen");
    rooms.setLoudness({ action: "mute", site_id: "kitchen" });

    rooms.setVolume(0.4);
    rooms.setLoudness({ action: "unmute", site_id: "kitchen" });
    await say("bath");

    const volumes = (site: string) => sinks.get(site)?.log.filter((line) => line.startsWith("volume"));
    expect(volumes("default")).toEqual(["volume 0.8", "volume 0.4"]);
    expect(volumes("kitchen")).toEqual(["volume 0.8", "volume 0", "volume 0", "volume 0.4"]);
    expect(volumes("bath")).toEqual(["volume 0.4"]);
    expect(rooms.detail.volume).toBe(0.4);
  });
});

describe("the next sentence", () => {
  test("is made while one sounds, once, and one ahead only", async () => {
    const { say, end, begun } = openStage();
    await say("default", { sayId: "a", text: "First." });
    await say("default", { sayId: "b", text: "Second." });
    await say("default", { sayId: "c", text: "Third." });
    expect(begun).toEqual(["First.", "Second."]);

    await end("default");

    expect(begun.filter((line) => !line.startsWith("end"))).toEqual(["First.", "Second.", "Third."]);
  });

  test("is given up with its turn", async () => {
    const { rooms, say, begun } = openStage();
    await say("default", { sayId: "a", text: "First." });
    await say("default", { sayId: "b", text: "Second.", uttId: "t2" });

    rooms.cancel("t2");

    expect(begun).toEqual(["First.", "Second.", "end of Second."]);
  });

  test("has its player started while its engine still works", async () => {
    const { say, sinks } = openStage();

    await say("default");

    expect(sinks.get("default")?.log.slice(-2)).toEqual(["prepare", "play a"]);
  });
});
