import { EngineError } from "@ts-tars/audio";
import { type ManualClock, manualClock } from "@ts-tars/harness";
import { describe, expect, test } from "vitest";
import type { Provenance } from "./arrivals.ts";
import { Decoders } from "./decoders.ts";
import type { Outcome } from "./outcome.ts";
import { Sites, type SiteTask } from "./sites.ts";
import { type FakeTranscriber, fakeTranscriber } from "./transcriber.fixture.ts";
import { energyDetector } from "./voice-detectors/energy.ts";

const FROM_BUS: Provenance = { source: "microphone", isRemote: true };
const captureOf = (siteId: string): string => siteId.padEnd(16, "0");

/** A house of three places, whose time is the test's. */
class House {
  readonly clock: ManualClock = manualClock();
  readonly transcriber: FakeTranscriber = fakeTranscriber();
  readonly decoders = new Decoders({ transcriber: this.transcriber, onChange: () => undefined });
  readonly gone: string[] = [];
  readonly outcomes: string[] = [];
  readonly sites: Sites;
  #sample = 0;

  constructor({ placeCount = 3, isPrivate = false } = {}) {
    const tell = (siteId: string, outcome: Outcome): void =>
      void this.outcomes.push(`${siteId} ${outcome.kind === "heard" ? outcome.text : outcome.reason}`);
    this.sites = new Sites({
      ...{ clock: this.clock, decoders: this.decoders, openDetector: energyDetector, placeCount, isPrivate },
      ...{
        isComplete: () => false,
        spokenSince: () => "",
        ownSource: "microphone",
        microphoneTrouble: () => undefined,
      },
      post: (task: SiteTask) => this.sites.take(task),
      report: {
        onPartial: () => undefined,
        onOutcome: tell,
        onChange: () => undefined,
        onGone: (siteId) => this.gone.push(siteId),
      },
    });
    this.sites.open();
  }

  hear(siteId: string): void {
    const frame = { captureId: captureOf(siteId), sample: this.#sample, pcm: new Int16Array(320) };
    this.#sample += 320;
    this.sites.hear(siteId, frame, FROM_BUS);
  }

  grant(siteId: string): void {
    this.sites.command({ site_id: siteId, grant: "open", ttl_ms: 8_000 });
  }

  get openDecoderCount(): number {
    return this.transcriber.decoders.filter(({ isClosed }) => !isClosed).length;
  }
}

describe("a place in the house", () => {
  test("is given back 60 s after the last sound, and its decoder is kept warm or closed", async () => {
    const house = new House();
    for (const siteId of ["hall", "bath"]) house.hear(siteId);
    expect(house.openDecoderCount).toBe(2);

    await house.clock.advance(59_000);
    expect(house.gone).toEqual([]);
    await house.clock.advance(6_000);

    expect([house.gone, house.sites.siteIds, house.openDecoderCount]).toEqual([["hall", "bath"], ["default"], 1]);
    expect(house.decoders.hasSpare).toBe(true);
  });

  test("is kept by whoever is listened to, until that is over", async () => {
    const house = new House();
    house.hear("hall");
    await house.clock.advance(58_000);
    house.grant("hall");
    await house.clock.advance(7_000);
    expect(house.gone).toEqual([]);

    await house.clock.advance(10_000);

    expect(house.gone).toEqual(["hall"]);
  });

  test("is refused in words when all are taken, and had as soon as another's sound is over", () => {
    const house = new House({ placeCount: 1 });
    house.hear("hall");
    house.hear("bath");
    house.grant("bath");
    expect([house.outcomes, house.sites.isFull("bath")]).toEqual([["bath busy"], true]);

    house.sites.sourceEnded("hall", captureOf("hall"));
    house.hear("bath");
    house.grant("bath");

    expect([house.sites.isFull("bath"), house.sites.site("bath")?.grant]).toEqual([false, "open"]);
    expect(house.openDecoderCount).toBe(1);
  });

  test("of whoever has been silent for longest, 5 s at least, goes to one that comes when all are taken", async () => {
    const house = new House();
    for (const siteId of ["hall", "bath"]) {
      house.hear(siteId);
      await house.clock.advance(1_000);
    }
    house.hear("default");

    await house.clock.advance(2_900);
    house.hear("attic");
    expect(house.sites.isFull("attic")).toBe(true);

    await house.clock.advance(100);
    house.hear("attic");
    house.grant("hall");
    expect([house.sites.isFull("attic"), house.outcomes]).toEqual([false, ["hall busy"]]);
  });

  test("is not taken by a microphone that may not be heard", () => {
    const house = new House({ isPrivate: true });

    house.hear("hall");

    expect(house.sites.siteIds).toEqual(["default"]);
  });
});

test("however many sites there are, no more than sixteen are remembered, and the next is refused in words", () => {
  const house = new House();
  for (let n = 0; n < 100; n += 1) house.hear(`site-${n}`);
  house.grant("late");

  expect(house.sites.siteIds.length).toBe(16);
  expect([house.openDecoderCount, house.outcomes]).toEqual([3, ["late busy"]]);
});

test("a recogniser that was never up refuses the grant with its remedy; one that was up is waited for", () => {
  const house = new House();
  const [decoder] = house.transcriber.decoders;
  const missing = new EngineError("The library is not installed.", { remedy: "Install it." });
  decoder?.down(missing);
  house.grant("default");
  expect(house.outcomes).toEqual(["default engine_missing"]);

  decoder?.up();
  decoder?.down(missing);
  house.grant("default");

  expect(house.outcomes.length).toBe(1);
  expect(house.sites.site("default")?.grant).toBe("open");
});

test("nothing of the house is left when it is closed", async () => {
  const house = new House();
  house.hear("hall");
  house.grant("hall");

  house.sites.close();
  await house.decoders[Symbol.asyncDispose]();

  expect([house.clock.pendingCount, house.openDecoderCount]).toEqual([0, 0]);
});
