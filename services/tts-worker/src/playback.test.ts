import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  dueAtMs,
  DEFAULT_LIMITS as LIMITS,
  type Playback,
  type PlaybackEffect,
  type PlaybackEvent,
  SILENCE,
  step,
} from "./playback.ts";
import type { Report, Sentence } from "./sentence.ts";

type Happening = PlaybackEvent extends infer Each
  ? Each extends unknown
    ? Omit<Each, "atMs" | "spokenRatio">
    : never
  : never;

/** A loudspeaker played by hand. */
class Play {
  playback: Playback = SILENCE;
  nowMs = 0;
  readonly effects: PlaybackEffect[] = [];

  happen(happening: Happening, spokenRatio = 0): readonly string[] {
    const event = { ...happening, atMs: this.nowMs, spokenRatio } as PlaybackEvent; // the union, distributed over Omit and back
    const [next, effects] = step(this.playback, event, LIMITS);
    this.playback = next;
    this.effects.push(...effects);
    return effects.map(short);
  }

  say(sayId: string, overrides: Partial<Sentence> = {}): readonly string[] {
    return this.happen({ type: "requested", sentence: sentence(sayId, overrides) });
  }

  start(expectedMs = 1_000): readonly string[] {
    return this.happen({ type: "started", generation: this.playback.generation, expectedMs });
  }

  end(): readonly string[] {
    return this.happen({ type: "ended", generation: this.playback.generation });
  }

  reachDeadline(spokenRatio = 0): readonly string[] {
    const due = dueAtMs(this.playback, LIMITS);
    if (due === undefined) throw new Error("Nothing is awaited.");
    this.nowMs = due;
    return this.happen({ type: "time_passed" }, spokenRatio);
  }

  get reports(): readonly Report[] {
    return this.effects.flatMap((effect) => (effect.do === "report" ? [effect.report] : []));
  }
}

function sentence(sayId: string, overrides: Partial<Sentence> = {}): Sentence {
  const plain = { uttId: "t1", sayId, seq: 0, isLast: false, kind: "answer", text: `Words of ${sayId}.` } as const;
  return { ...plain, voice: undefined, lang: undefined, ...overrides };
}

/** `speaking_end a cut 0.5`. */
function short(effect: PlaybackEffect): string {
  if (effect.do === "play") return `play ${effect.sentence.sayId}`;
  if (effect.do === "acknowledge") return `acknowledge ${effect.uttId} ${effect.wasActive ? "active" : "idle"}`;
  if (effect.do !== "report") return effect.do;
  const { report } = effect;
  const end =
    report.event === "speaking_end" || report.event === "failed" ? ` ${report.reason} ${report.spokenRatio}` : "";
  return `${report.event} ${report.sentence.sayId}${end}`;
}

describe("the playback", () => {
  it("speaks one sentence after the other, in the order they came", () => {
    const play = new Play();

    expect(play.say("a")).toEqual(["queued a", "play a"]);
    expect(play.say("b")).toEqual(["queued b"]);
    expect(play.start()).toEqual(["speaking_start a"]);
    expect(play.end()).toEqual(["speaking_end a done 1", "play b"]);
    play.start();
    expect(play.end()).toEqual(["speaking_end b done 1"]);
    expect(play.playback.stage.kind).toBe("idle");
  });

  it("says how long the first sound took, and how long the sentence will sound", () => {
    const play = new Play();
    play.say("a");
    play.nowMs = 40;

    play.start(2_500);

    expect(play.reports.at(-1)).toMatchObject({ event: "speaking_start", firstAudibleMs: 40, expectedMs: 2_500 });
  });

  it("does not speak a sentence again that is delivered again", () => {
    const play = new Play();
    play.say("a");

    expect(play.say("a")).toEqual([]);
  });

  it("ends an empty last sentence in its turn, without a start", () => {
    const play = new Play();
    play.say("a");

    expect(play.say("b", { text: " ", isLast: true })).toEqual(["queued b"]);
    play.start();
    expect(play.end()).toEqual(["speaking_end a done 1", "speaking_end b done 0"]);
    expect(play.say("c", { text: "" })).toEqual(["queued c", "speaking_end c done 0"]);
  });

  it("goes on with the next sentence when one breaks", () => {
    const play = new Play();
    play.say("a");
    play.say("b");

    expect(play.happen({ type: "broke", generation: 1, cause: "no engine" })).toEqual(["failed a error 0", "play b"]);
    expect(play.reports.at(-1)).toMatchObject({ detail: "no engine" });
  });

  it("takes no notice of the end of a sentence that was cut before", () => {
    const play = new Play();
    play.say("a");
    play.start();
    play.happen({ type: "cancelled", uttId: "t1" }, 0.4);
    play.say("b", { uttId: "t2" });

    expect(play.happen({ type: "ended", generation: 1 })).toEqual([]);
    expect(play.happen({ type: "started", generation: 1, expectedMs: 9 })).toEqual([]);
    expect(play.happen({ type: "broke", generation: 1, cause: "killed" })).toEqual([]);
    expect(play.start()).toEqual(["speaking_start b"]);
  });

  it("refuses the sentence for which there is no room, and says so", () => {
    const play = new Play();
    for (let index = 0; index <= LIMITS.waitingMax; index += 1) play.say(`s${index}`);

    expect(play.say("late")).toEqual(["failed late dropped 0"]);
  });
});

describe("a cancel", () => {
  it("silences its turn, drops what waits of it, and lets the next turn speak", () => {
    const play = new Play();
    play.say("a");
    play.say("b");
    play.say("c", { uttId: "t2" });
    play.start();

    expect(play.happen({ type: "cancelled", uttId: "t1" }, 0.25)).toEqual([
      "failed b dropped 0",
      "cut",
      "speaking_end a cut 0.25",
      "play c",
      "acknowledge t1 active",
    ]);
  });

  it("is acknowledged also when there was nothing to end", () => {
    expect(new Play().happen({ type: "cancelled", uttId: "t9" })).toEqual(["acknowledge t9 idle"]);
  });

  it("may overtake what it cancels, for two minutes", () => {
    const play = new Play();
    play.happen({ type: "cancelled", uttId: "t1" });

    play.nowMs = 119_999;
    expect(play.say("a")).toEqual(["failed a dropped 0"]);
    play.nowMs = 120_000;
    expect(play.say("b")).toEqual(["queued b", "play b"]);
  });

  it("forgets the cancelled turns whose time is over", () => {
    const play = new Play();
    play.happen({ type: "cancelled", uttId: "t1" });
    play.nowMs = 200_000;

    play.happen({ type: "cancelled", uttId: "t2" });

    expect([...play.playback.cancelled.keys()]).toEqual(["t2"]);
  });
});

describe("a pause", () => {
  it("holds the sentence until it is resumed", () => {
    const play = new Play();
    play.say("a");
    play.start();

    expect(play.happen({ type: "paused", uttId: "t1", ttlMs: 20_000 }, 0.3)).toEqual(["pause", "paused a"]);
    expect(play.reports.at(-1)).toMatchObject({ spokenRatio: 0.3 });
    expect(play.happen({ type: "resumed", uttId: undefined }, 0.3)).toEqual(["resume", "resumed a"]);
    expect(play.end()).toEqual(["speaking_end a done 1"]);
  });

  it("of a sentence that has not begun to sound keeps it from beginning", () => {
    const play = new Play();
    play.say("a");

    expect(play.happen({ type: "paused", uttId: undefined, ttlMs: undefined })).toEqual(["pause", "paused a"]);
    expect(play.happen({ type: "resumed", uttId: undefined })).toEqual(["resume", "resumed a"]);
    expect(play.start()).toEqual(["speaking_start a"]);
  });

  it("that nobody ends stops the turn", () => {
    const play = new Play();
    play.say("a");
    play.say("b");
    play.start();
    play.happen({ type: "paused", uttId: "t1", ttlMs: 5_000 }, 0.5);

    expect(play.reachDeadline(0.5)).toEqual(["stopped a", "failed b dropped 0", "cut", "speaking_end a cut 0.5"]);
    expect(play.nowMs).toBe(5_000);
  });

  it("said twice only moves the deadline", () => {
    const play = new Play();
    play.say("a");
    play.start();
    play.happen({ type: "paused", uttId: "t1", ttlMs: 5_000 });
    play.nowMs = 1_000;

    expect(play.happen({ type: "paused", uttId: "t1", ttlMs: 5_000 })).toEqual([]);
    expect(dueAtMs(play.playback, LIMITS)).toBe(6_000);
  });

  it.each(["paused", "resumed"] as const)("for another turn changes nothing (%s)", (type) => {
    const play = new Play();
    play.say("a");
    play.start();

    expect(play.happen(type === "paused" ? { type, uttId: "t2", ttlMs: undefined } : { type, uttId: "t2" })).toEqual(
      [],
    );
  });
});

describe("a stop", () => {
  it("without a name ends the turn that is speaking, and what comes of it later", () => {
    const play = new Play();
    play.say("a");
    play.say("b");
    play.start();

    expect(play.happen({ type: "stopped", uttId: undefined }, 0.5)).toEqual([
      "stopped a",
      "failed b dropped 0",
      "cut",
      "speaking_end a cut 0.5",
    ]);
    expect(play.say("c")).toEqual(["failed c dropped 0"]);
  });

  it("of a turn that waits leaves the speaking one alone", () => {
    const play = new Play();
    play.say("a");
    play.say("b", { uttId: "t2" });

    expect(play.happen({ type: "stopped", uttId: "t2" })).toEqual(["failed b dropped 0"]);
  });

  it("in silence changes nothing", () => {
    expect(new Play().happen({ type: "stopped", uttId: undefined })).toEqual([]);
  });
});

describe("the deadlines", () => {
  it("fail a sentence that does not begin within 10 s", () => {
    const play = new Play();
    play.say("a");
    play.say("b");

    expect(play.reachDeadline()).toEqual(["cut", "failed a error 0", "play b"]);
    expect(play.nowMs).toBe(10_000);
  });

  it("fail a sentence that does not end within 5 s of its expected end", () => {
    const play = new Play();
    play.say("a");
    play.start(1_000);

    expect(play.reachDeadline(0.9)).toEqual(["cut", "failed a error 0.9"]);
    expect(play.nowMs).toBe(6_000);
  });

  it("are not reached early", () => {
    const play = new Play();
    play.say("a");

    expect(play.happen({ type: "time_passed" })).toEqual([]);
  });
});

describe("the end of the conductor", () => {
  it("lets the sentence finish and empties the queue", () => {
    const play = new Play();
    play.say("a");
    play.say("b");
    play.start();

    expect(play.happen({ type: "abandoned" })).toEqual(["failed b dropped 0"]);
    expect(play.end()).toEqual(["speaking_end a done 1"]);
  });

  it("ends a paused sentence", () => {
    const play = new Play();
    play.say("a");
    play.start();
    play.happen({ type: "paused", uttId: undefined, ttlMs: undefined }, 0.2);

    expect(play.happen({ type: "abandoned" }, 0.2)).toEqual(["cut", "speaking_end a cut 0.2"]);
  });

  it("of the service leaves nothing sounding and nothing untold", () => {
    const play = new Play();
    play.say("a");
    play.say("b");
    play.start();

    expect(play.happen({ type: "silenced" }, 0.1)).toEqual(["failed b dropped 0", "cut", "speaking_end a cut 0.1"]);
  });
});

describe("any course of events", () => {
  const turn = fc.constantFrom("t1", "t2");
  const happening = fc.oneof(
    fc.record({ type: fc.constant("requested" as const), id: fc.nat(30), uttId: turn, isEmpty: fc.boolean() }),
    fc.record({
      type: fc.constantFrom("started" as const, "ended" as const, "broke" as const),
      lag: fc.constantFrom(0, 0, 0, 1),
    }),
    fc.record({
      type: fc.constantFrom("cancelled" as const, "paused" as const, "resumed" as const, "stopped" as const),
      uttId: turn,
    }),
    fc.record({ type: fc.constantFrom("abandoned" as const, "time_passed" as const, "deadline" as const) }),
  );

  it("ends every sentence exactly once, after at most one start, and speaks one at a time", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
        const play = new Play();
        const asked = new Set<string>();
        for (const one of happenings) {
          play.nowMs += 10;
          if (one.type === "requested") {
            asked.add(`s${one.id}`);
            play.say(`s${one.id}`, { uttId: one.uttId, ...(one.isEmpty && { text: "" }) });
          } else if (one.type === "deadline") {
            if (dueAtMs(play.playback, LIMITS) !== undefined) play.reachDeadline(0.5);
          } else if ("lag" in one) {
            const generation = play.playback.generation - one.lag;
            if (one.type === "started") play.happen({ type: "started", generation, expectedMs: 1_000 });
            else if (one.type === "broke") play.happen({ type: "broke", generation, cause: "test" });
            else play.happen({ type: "ended", generation });
          } else if ("uttId" in one) {
            if (one.type === "paused") play.happen({ type: "paused", uttId: one.uttId, ttlMs: 100 }, 0.5);
            else play.happen({ type: one.type, uttId: one.uttId }, 0.5);
          } else play.happen({ type: one.type }, 0.5);
        }
        play.happen({ type: "silenced" }, 0.5);

        expect(play.playback.stage.kind).toBe("idle");
        for (const sayId of asked) {
          const told = play.reports.filter((report) => report.sentence.sayId === sayId);
          expect(told.filter(({ event }) => event === "speaking_end" || event === "failed")).toHaveLength(1);
          expect(told.filter(({ event }) => event === "speaking_start").length).toBeLessThanOrEqual(1);
          expect(["speaking_end", "failed"]).toContain(told.at(-1)?.event);
        }
      }),
      { numRuns: 500 },
    );
  });
});
