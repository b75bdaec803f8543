import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEAF, dueAtMs, type Segmenter, type SegmenterEffect, type SegmenterEvent, step } from "./segmenter.ts";

/** A segmenter, a source that gives frames of 20 ms, and everything it did. */
class Scene {
  state: Segmenter = DEAF;
  readonly done: SegmenterEffect[] = [];
  sample = 0;
  atMs = 1_000;

  on(event: SegmenterEvent): this {
    const [next, effects] = step(this.state, event);
    this.state = next;
    this.done.push(...effects);
    return this;
  }

  hear(durationMs: number, isSpeech: boolean, isLoud = false): this {
    for (let ms = 0; ms < durationMs; ms += 20) {
      this.atMs += 20;
      this.on({
        type: "heard",
        sample: this.sample,
        sampleCount: 320,
        isSpeech,
        isLoud: isSpeech || isLoud,
        atMs: this.atMs,
      });
      this.sample += 320;
    }
    return this;
  }

  open(fromSample = this.sample): this {
    return this.on({ type: "opened", fromSample });
  }

  /** The last end, its times in ms. */
  get end(): { readonly reason: string; readonly silenceMs: number } | undefined {
    const effect = this.done.findLast((each) => each.do === "end");
    return effect && { reason: effect.end.reason, silenceMs: effect.end.silenceSampleCount / 16 };
  }
}

const begun = (scene: Scene): number | undefined => scene.done.find((effect) => effect.do === "begin")?.fromSample;

describe("the end of speech has a name and a time", () => {
  test("700 ms of silence", () => {
    const scene = new Scene().open().hear(500, true).hear(680, false);
    expect(scene.end).toBeUndefined();

    expect(scene.hear(20, false).end).toEqual({ reason: "silence", silenceMs: 700 });
  });

  test("400 ms when the command is complete", () => {
    const scene = new Scene().open().hear(500, true).on({ type: "hinted", hint: "complete" }).hear(380, false);
    expect(scene.end).toBeUndefined();

    expect(scene.hear(20, false).end).toEqual({ reason: "complete", silenceMs: 400 });
  });

  test("1 200 ms after a word that cannot end a sentence", () => {
    const scene = new Scene().open().hear(500, true).on({ type: "hinted", hint: "unfinished" }).hear(1_180, false);
    expect(scene.end).toBeUndefined();

    expect(scene.hear(20, false).end).toEqual({ reason: "hesitation", silenceMs: 1_200 });
  });

  test("not while somebody may be about to speak, for 100 ms at most", () => {
    const scene = new Scene().open().hear(500, true).hear(640, false).hear(60, false, true);
    expect(scene.end).toBeUndefined();
    expect(scene.hear(500, true).hear(600, false).end).toBeUndefined();

    expect(scene.hear(180, false, true).end).toBeUndefined();
    expect(scene.hear(20, false, true).end).toEqual({ reason: "silence", silenceMs: 800 });
  });

  test("one that the words put in doubt, and then 1 200 ms, from where it was", () => {
    const scene = new Scene().open().hear(500, true).hear(700, false).on({ type: "doubted", atMs: 5_000 });
    expect(scene.done.at(-1)).toEqual({ do: "resume", fromSample: 1_200 * 16 });
    expect(scene.hear(480, false).end?.reason).toBe("silence");

    expect(scene.hear(20, false).end).toEqual({ reason: "hesitation", silenceMs: 1_200 });
    expect(scene.on({ type: "doubted", atMs: 6_000 }).state.kind).toBe("transcribing");
  });

  test.for<[string, SegmenterEvent]>([
    ["the source", { type: "source_ended" }],
    ["the button", { type: "released", toSample: undefined, atMs: 1_500 }],
  ])("nothing puts an end in doubt that %s made", ([, event]) => {
    const scene = new Scene().open().hear(500, true).on(event).on({ type: "doubted", atMs: 5_000 });

    expect(scene.state.kind).toBe("transcribing");
  });

  test("a hint that comes while it is silent already counts at once", () => {
    const scene = new Scene().open().hear(500, true).hear(500, false).on({ type: "hinted", hint: "complete" });

    expect(scene.hear(20, false).end?.reason).toBe("complete");
  });

  test("15 s are the most, and the next utterance begins where this one ended", () => {
    const scene = new Scene().open().hear(15_200, true);

    expect(scene.end?.reason).toBe("too_long");
    expect(scene.on({ type: "transcribed" }).done.at(-1)).toEqual({ do: "resume", fromSample: 15_000 * 16 });
  });

  test("a source that ends, or is silent for 500 ms by the clock", () => {
    expect(new Scene().open().hear(500, true).on({ type: "source_ended" }).end?.reason).toBe("source_ended");

    const stalled = new Scene().open().hear(500, true);
    expect(dueAtMs(stalled.state)).toBe(stalled.atMs + 500);
    expect(stalled.on({ type: "time_passed", atMs: stalled.atMs + 499 }).end).toBeUndefined();
    expect(stalled.on({ type: "time_passed", atMs: stalled.atMs + 500 }).end?.reason).toBe("source_ended");
  });

  test("a source that we were asleep for is not blamed for it, once", () => {
    const late = new Scene().open().hear(500, true);
    expect(late.on({ type: "time_passed", atMs: late.atMs + 900 }).end).toBeUndefined();
    expect(dueAtMs(late.state)).toBe(late.atMs + 1_400);
    expect(late.on({ type: "time_passed", atMs: late.atMs + 9_000 }).end?.reason).toBe("source_ended");
  });
});

describe("a released button", () => {
  test("ends the utterance at its sample, when the sound up to there has come", () => {
    const scene = new Scene().open().hear(500, true).on({ type: "released", toSample: 9_600, atMs: 1_500 });
    expect(scene.end).toBeUndefined();

    expect(scene.hear(100, true).end?.reason).toBe("released");
    expect(scene.on({ type: "transcribed" }).state.kind).toBe("deaf");
  });

  test("does not wait longer than 500 ms for the sound", () => {
    const scene = new Scene().open().hear(480, true);
    scene.on({ type: "released", toSample: 90_000, atMs: scene.atMs });
    scene.hear(100, true).on({ type: "time_passed", atMs: scene.atMs + 400 });

    expect(scene.end?.reason).toBe("released");
  });

  test("with nothing said leaves it deaf, with nothing to report", () => {
    const scene = new Scene().open().hear(500, false).on({ type: "released", toSample: undefined, atMs: 1_500 });

    expect([scene.state.kind, scene.done.map((effect) => effect.do)]).toEqual(["deaf", ["resume"]]);
  });

  test("still takes a word whose sound was on its way", () => {
    const scene = new Scene().open().on({ type: "released", toSample: 6_400, atMs: 1_000 }).hear(420, true);

    expect(scene.end?.reason).toBe("released");
  });
});

describe("an utterance begins", () => {
  test("400 ms before its speech was noticed: the first syllable belongs to it", () => {
    expect(begun(new Scene().open().hear(1_000, false).hear(20, true))).toBe(1_020 * 16 - 6_400);
  });

  test("never before the sample that it is granted from: the wake phrase stays outside", () => {
    expect(begun(new Scene().open().hear(100, false).hear(20, true))).toBe(0);
    expect(begun(new Scene().open(4_800).hear(1_000, true))).toBe(4_800);
  });
});

test("a pause in the middle of a word does not end it, and a word later in the pause goes on with it", () => {
  const scene = new Scene().open().hear(300, true).hear(600, false).hear(300, true).hear(600, false);

  expect([scene.state.kind, scene.end]).toEqual(["speaking", undefined]);
});

test("nothing glues two utterances together: what was closed is dropped, and the next one is new", () => {
  const scene = new Scene().open().hear(300, true).on({ type: "closed" }).hear(300, true).open().hear(300, true);

  expect(scene.done.map((effect) => effect.do)).toEqual(["resume", "begin", "drop", "resume", "begin"]);
});

test("whatever happens, every beginning has exactly one end or drop, and only speaking needs the clock", () => {
  const event = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ type: fc.constant("heard" as const), isSpeech: fc.boolean(), ms: fc.nat(900) }),
    },
    fc.constantFrom<SegmenterEvent>(
      { type: "opened", fromSample: 0 },
      { type: "closed" },
      { type: "transcribed" },
      { type: "source_ended" },
      { type: "hinted", hint: "complete" },
      { type: "hinted", hint: "unfinished" },
      { type: "released", toSample: undefined, atMs: 2_000 },
      { type: "released", toSample: 40_000, atMs: 2_000 },
      { type: "time_passed", atMs: 1e9 },
    ),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const scene = new Scene();
      for (const each of events) {
        if (each.type === "heard" && "ms" in each) scene.hear(each.ms, each.isSpeech);
        else scene.on(each);
      }
      const life = scene.done.flatMap((effect) => (effect.do === "resume" ? [] : [effect.do])).join(" ");
      expect(life).toMatch(/^((begin end|begin drop|begin end drop)( |$))*((begin|begin end)$)?$/);
      expect(dueAtMs(scene.state) === undefined || ["speaking", "waiting"].includes(scene.state.kind)).toBe(true);
    }),
  );
});
