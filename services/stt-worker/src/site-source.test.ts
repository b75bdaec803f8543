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
    expect(scene.decoder.last.options.isNewCapture).toBe(true);
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
