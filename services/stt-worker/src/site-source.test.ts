import { describe, expect, test } from "vitest";
import { CAPTURE, OTHER_CAPTURE, SiteScene } from "./site.fixture.ts";

describe("the source", () => {
  test("that ends, ends the utterance at once", async () => {
    const scene = new SiteScene();
    scene.open();
    await scene.hear(600, "speech");
    scene.site.sourceEnded(CAPTURE);
    scene.decoder.last.read("stop");
    await scene.settle();

    expect(scene.outcomes).toMatchObject([{ text: "stop", end: "source_ended" }]);
  });

  test("that is silent for 500 ms by the clock ends it too", async () => {
    const scene = new SiteScene();
    scene.open();
    await scene.hear(600, "speech");
    await scene.clock.advance(500);
    scene.decoder.last.read("stop");
    await scene.settle();

    expect(scene.outcomes).toMatchObject([{ text: "stop", end: "source_ended" }]);
  });

  test("that begins anew is another one: the utterance of the old one ends, the new one is listened to from its first sample", async () => {
    const scene = new SiteScene();
    scene.open();
    await scene.hear(600, "speech");
    await scene.hear(20, "silence", { captureId: OTHER_CAPTURE });
    scene.decoder.last.read("first");
    await scene.settle();
    await scene.hear(600, "speech", { captureId: OTHER_CAPTURE });

    expect([scene.short, scene.decoder.utterances.length]).toEqual([["heard first"], 2]);
  });

  test("that was named in the grant is the only one that is listened to, also when it has not come yet", async () => {
    const scene = new SiteScene();
    scene.open({ capture_id: OTHER_CAPTURE, from_sample: 0 });
    await scene.hear(600, "speech", { isRemote: false });
    expect(scene.decoder.utterances).toEqual([]);

    await scene.hear(600, "speech", { captureId: OTHER_CAPTURE });
    expect(scene.decoder.utterances.length).toBe(1);
  });

  test("over the bus takes the place of the machine's own as long as it comes", async () => {
    const scene = new SiteScene();
    await scene.hear(100, "silence", { captureId: OTHER_CAPTURE });
    await scene.hear(100, "silence", { isRemote: false });
    expect(scene.site.captureId).toBe(OTHER_CAPTURE);

    await scene.clock.advance(2_000);
    await scene.hear(20, "silence", { isRemote: false });
    expect(scene.site.captureId).toBe(CAPTURE);
  });

  test("with a jump in its numbers is heard on, with silence in the gap", async () => {
    const scene = new SiteScene();
    scene.open();
    await scene.hear(200, "speech");
    scene.site.hear(
      { captureId: CAPTURE, sample: 6_400, pcm: new Int16Array(320).fill(3_000) },
      { source: "microphone", isRemote: true },
    );

    expect(scene.decoder.last.sampleCount).toBe(6_720);
  });

  test("with a jump beyond what is kept is read once, and not again and again", async () => {
    const scene = new SiteScene();
    scene.open();
    await scene.hear(200, "speech");
    for (const sample of [99_200, 99_520, 99_840]) {
      scene.site.hear(
        { captureId: CAPTURE, sample, pcm: new Int16Array(320).fill(3_000) },
        { source: "microphone", isRemote: true },
      );
    }

    expect(scene.decoder.last.sampleCount).toBe(3_200 + 80_000 + 2 * 320);
  });

  test("over the bus that falls silent is told to be gone after 2 s", async () => {
    const scene = new SiteScene();
    await scene.hear(100, "silence");
    expect(scene.site.arrivals.hearsRemote(scene.clock.nowMs())).toBe(true);
    const { changeCount } = scene;

    await scene.clock.advance(1_999);
    expect(scene.changeCount).toBe(changeCount);
    await scene.clock.advance(1);

    expect([scene.changeCount, scene.clock.pendingCount]).toEqual([changeCount + 1, 0]);
    expect(scene.site.arrivals.hearsRemote(scene.clock.nowMs())).toBe(false);
  });

  test("that goes on after it was thought to be over is there again", async () => {
    const scene = new SiteScene();
    await scene.hear(100, "silence");
    scene.site.sourceEnded(CAPTURE);
    expect(scene.site.isOver).toBe(true);

    await scene.hear(20, "silence");

    expect(scene.site.isOver).toBe(false);
  });
});

describe("privacy", () => {
  test("refuses a microphone in words, and hears nothing of it", async () => {
    const scene = new SiteScene({ isPrivate: true });
    await scene.hear(100, "speech");
    scene.open();
    await scene.hear(600, "speech");

    expect([scene.short, scene.site.captureId, scene.site.grant]).toEqual([["refused privacy"], undefined, "closed"]);
  });

  test("lets a file be heard, whichever comes first, its sound or the grant", async () => {
    const scene = new SiteScene({ isPrivate: true, source: "unknown" });
    scene.open({ capture_id: CAPTURE, from_sample: 0 });
    await scene.hear(600, "speech", { source: "file" });

    expect([scene.site.grant, scene.decoder.utterances.length]).toEqual(["open", 1]);
  });

  test("forgets what was heard last: nothing of it is read afterwards", async () => {
    const scene = new SiteScene();
    await scene.hear(1_000, "speech");
    scene.site.setPrivacy(true);
    scene.site.setPrivacy(false);
    scene.open({ capture_id: CAPTURE, from_sample: 0 });
    await scene.hear(100, "silence");

    expect([scene.site.captureId, scene.decoder.utterances]).toEqual([CAPTURE, []]);
  });
});
