import { describe, expect, test } from "vitest";
import { CAPTURE, OTHER_TURN, SiteScene, TURN } from "./site.fixture.ts";
import { broken } from "./transcriber.fixture.ts";

test("what is said under a grant is read once, with its turn and where its time went", async () => {
  const scene = new SiteScene();
  scene.open();
  await scene.hear(600, "silence");
  await scene.hear(800, "speech");
  await scene.hear(700, "silence");
  expect(scene.site.activity).toBe("transcribing");
  await scene.clock.advance(30);
  scene.decoder.last.read("what time is it");
  await scene.settle();

  expect(scene.outcomes).toMatchObject([
    {
      kind: "heard",
      uttId: TURN,
      text: "what time is it",
      end: "silence",
      endpointMs: 700,
      transcribeMs: 30,
      levelDb: -20,
    },
  ]);
  expect([scene.site.activity, scene.decoder.utterances.length]).toEqual(["idle", 1]);
});

/** 700 ms behind words that cannot be the last ones of a sentence. */
async function sceneInDoubt(): Promise<SiteScene> {
  const scene = new SiteScene();
  scene.open();
  await scene.hear(800, "speech");
  await scene.hear(700, "silence");
  scene.decoder.last.read("what is the capital of");
  return scene;
}

test("a sentence that cannot end so goes on behind a pause, and is read again as a whole", async () => {
  const scene = await sceneInDoubt();
  await scene.settle();
  expect([scene.outcomes, scene.site.activity]).toEqual([[], "speech"]);
  await scene.hear(300, "silence");
  await scene.hear(500, "speech");
  await scene.hear(700, "silence");

  expect([scene.decoder.utterances.length, scene.decoder.last.sampleCount]).toEqual([2, 3_000 * 16]);
  scene.decoder.last.read("what is the capital of portugal");
  await scene.settle();
  expect(scene.outcomes).toMatchObject([
    { kind: "heard", text: "what is the capital of portugal", end: "silence", endpointMs: 700 },
  ]);
});

test("a sentence that cannot end so and does is told as it was read, 1.2 s after its end", async () => {
  const scene = await sceneInDoubt();
  await scene.hear(480, "silence");
  expect(scene.outcomes).toEqual([]);

  await scene.hear(20, "silence");
  await scene.settle();
  expect(scene.outcomes).toMatchObject([
    { kind: "heard", text: "what is the capital of", end: "hesitation", endpointMs: 1_200 },
  ]);
  expect(scene.decoder.utterances.length).toBe(1);
});

test("a sentence in doubt is dropped with its turn", async () => {
  const scene = await sceneInDoubt();
  await scene.settle();
  scene.site.cancel(TURN);
  await scene.hear(1_000, "speech");

  expect([scene.short, scene.site.activity]).toEqual([["refused cancelled"], "idle"]);
});

test("without a grant nothing is read, and what was said before a grant is not read by it", async () => {
  const scene = new SiteScene();
  await scene.hear(1_000, "speech");
  scene.open();
  await scene.hear(2_000, "silence");

  expect(scene.decoder.utterances).toEqual([]);
});

test("a grant from a sample of the past is read out of the ring, from exactly there", async () => {
  const scene = new SiteScene();
  await scene.hear(1_000, "speech");
  await scene.hear(100, "silence");
  scene.open({ capture_id: CAPTURE, from_sample: 8_000 });

  // The whole second, less the half before the sample: as if it had been open all the time.
  expect(scene.decoder.last.sampleCount).toBe(1_100 * 16 - 8_000);
  await scene.hear(600, "silence");
  expect(scene.site.activity).toBe("transcribing");
});

test("a sample older than the ring begins with what is left of it", async () => {
  const scene = new SiteScene();
  await scene.hear(7_000, "speech");
  scene.open({ capture_id: CAPTURE, from_sample: 0 });

  expect(scene.decoder.last.sampleCount).toBe(5_000 * 16);
});

test("a second utterance under the same grant is read too, though it began while the first was transcribed", async () => {
  const scene = new SiteScene();
  scene.open();
  await scene.hear(600, "speech");
  await scene.hear(700, "silence");
  const first = scene.decoder.last;
  await scene.hear(600, "speech");
  await scene.hear(700, "silence");
  expect(scene.decoder.utterances.length).toBe(1);

  first.read("first");
  await scene.settle();
  scene.decoder.last.read("second");
  await scene.settle();
  expect(scene.short).toEqual(["heard first", "heard second"]);
});

describe("a grant's time", () => {
  test("does not end while somebody speaks, nor while that is transcribed, and ends right after it", async () => {
    const scene = new SiteScene();
    scene.open({ ttl_ms: 1_000 });
    await scene.hear(600, "silence");
    await scene.hear(1_500, "speech");
    expect([scene.site.grant, scene.site.deadlineMs]).toEqual(["open", undefined]);
    await scene.hear(700, "silence");
    await scene.clock.advance(3_000);
    expect([scene.site.grant, scene.site.activity]).toEqual(["open", "transcribing"]);

    scene.decoder.last.read("what time is it");
    await scene.settle();
    expect([scene.site.grant, scene.short]).toEqual(["armed", ["heard what time is it"]]);
  });

  test("begins no new utterance 12 s after its end, for somebody who never stops talking", async () => {
    const scene = new SiteScene();
    scene.open({ ttl_ms: 4_000 });
    await scene.hear(15_200, "speech");
    scene.decoder.last.read("first");
    await scene.settle();
    await scene.hear(200, "speech");
    expect([scene.site.grant, scene.site.activity]).toEqual(["open", "speech"]);

    await scene.hear(15_200, "speech");
    scene.decoder.last.read("second");
    await scene.settle();
    await scene.hear(200, "speech");

    expect([scene.site.grant, scene.site.activity]).toEqual(["armed", "idle"]);
    expect(scene.short).toEqual(["heard first", "heard second"]);
  });

  test("ends in armed when nobody speaks, also when no frame ever comes", async () => {
    const scene = new SiteScene();
    scene.open({ ttl_ms: 1_000 });
    await scene.clock.advance(1_000);

    expect([scene.site.grant, scene.outcomes, scene.clock.pendingCount]).toEqual(["armed", [], 0]);
  });
});

describe("what is given up ends in one refusal", () => {
  test.for<[string, (scene: SiteScene) => void, string]>([
    ["a grant taken back", (scene) => scene.order({ grant: "armed" }), "refused dropped"],
    ["a cancelled turn", (scene) => scene.site.cancel(TURN), "refused cancelled"],
    ["privacy", (scene) => scene.site.setPrivacy(true), "refused privacy"],
    ["a lost router", (scene) => scene.site.routerLost(), "refused dropped"],
    ["a grant for another turn", (scene) => scene.open({ utt_id: OTHER_TURN }), "refused superseded"],
    ["a broken decoder", (scene) => scene.decoder.down(broken("It was killed.")), "refused engine_failed"],
  ])("%s", async ([, act, expected]) => {
    const scene = new SiteScene();
    scene.open();
    await scene.hear(600, "speech");
    act(scene);
    await scene.settle();

    expect([scene.short, scene.site.activity, scene.decoder.last.isOver]).toEqual([[expected], "idle", true]);
    expect(scene.outcomes[0]?.uttId).toBe(TURN);
  });

  test("also while it is being transcribed, after which the late text means nothing", async () => {
    const scene = new SiteScene();
    scene.open();
    await scene.hear(600, "speech");
    await scene.hear(700, "silence");
    expect(scene.site.cancel(TURN)).toBe(true);
    scene.decoder.last.read("too late");
    await scene.settle();

    expect(scene.short).toEqual(["refused cancelled"]);
  });

  test("a decoder that never answers is waited for 10 s", async () => {
    const scene = new SiteScene();
    scene.open();
    await scene.hear(600, "speech");
    await scene.hear(700, "silence");
    await scene.clock.advance(9_999);
    expect(scene.outcomes).toEqual([]);
    await scene.clock.advance(1);

    expect([scene.short, scene.site.grant]).toEqual([["refused engine_timeout"], "armed"]);
  });

  test("a cancel of a turn that nobody listens to finds nothing", () => {
    expect(new SiteScene().site.cancel(TURN)).toBe(false);
  });
});

describe("partials", () => {
  test("are told when they change, every 200 ms at most, and not after the end", async () => {
    const scene = new SiteScene();
    scene.open();
    await scene.hear(200, "speech");
    for (const text of ["what", "what time", "what time", "what time is"]) {
      scene.decoder.last.partial(text);
      await scene.hear(100, "speech");
    }
    await scene.hear(700, "silence");
    scene.decoder.last.partial("what time is it");

    expect(scene.partials).toEqual(["what", "what time"]);
  });

  test("that agree on a whole command end it after 400 ms of silence", async () => {
    const scene = new SiteScene({ isComplete: (text) => text === "stop" });
    scene.open();
    await scene.hear(400, "speech");
    scene.decoder.last.partial("stop", "stop");
    scene.decoder.last.partial("stop", "stop");
    await scene.hear(400, "silence");
    scene.decoder.last.read("stop", "stop");
    await scene.settle();

    expect(scene.outcomes).toMatchObject([{ text: "stop", end: "complete", endpointMs: 400 }]);
  });

  test("that end in a word that goes on hold the end back for 1 200 ms", async () => {
    const scene = new SiteScene();
    scene.open();
    await scene.hear(400, "speech");
    scene.decoder.last.partial("set a timer for");
    await scene.hear(1_180, "silence");
    expect(scene.site.activity).toBe("speech");

    await scene.hear(20, "silence");
    expect(scene.site.activity).toBe("transcribing");
  });
});

test("the robot's own words are no answer to it", async () => {
  const scene = new SiteScene();
  scene.spoken = "It is half past nine.";
  scene.open();
  await scene.hear(600, "speech");
  await scene.hear(700, "silence");
  scene.decoder.last.read("it is half past nine");
  await scene.settle();

  expect(scene.short).toEqual(["refused echo"]);
});

test("where nothing can be heard the grant is refused with its reason, and opens nothing", () => {
  const scene = new SiteScene({ objection: { reason: "no_microphone", detail: "There is none. Plug one in." } });
  scene.open();

  expect([scene.short, scene.site.grant]).toEqual([["refused no_microphone"], "armed"]);
});

test("a released button ends the utterance at its sample, and the grant with it", async () => {
  const scene = new SiteScene();
  scene.open();
  await scene.hear(600, "speech");
  scene.order({ grant: "armed", finish: true, to_sample: 10_560 });
  expect([scene.site.grant, scene.site.activity, scene.site.uttId]).toEqual(["armed", "speech", TURN]);
  await scene.hear(100, "speech");
  scene.decoder.last.read("what time is it");
  await scene.settle();

  expect(scene.outcomes).toMatchObject([{ uttId: TURN, text: "what time is it", end: "released" }]);
  expect([scene.decoder.last.sampleCount, scene.site.isIdle]).toEqual([10_560, true]);
});

test("nothing of a site is left when it is closed", async () => {
  const scene = new SiteScene();
  scene.open();
  await scene.hear(600, "speech");
  scene.site.close();

  expect([scene.short, scene.clock.pendingCount]).toEqual([["refused dropped"], 0]);
});
