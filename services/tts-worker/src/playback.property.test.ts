import fc from "fast-check";
import { expect, test } from "vitest";
import { Play } from "./playback.fixture.ts";
import { dueAtMs } from "./playback.ts";
import { DEFAULT_LIMITS as LIMITS } from "./playback-state.ts";

const turn = fc.constantFrom("t1", "t2");
const happening = fc.oneof(
  fc.record({ type: fc.constant("requested" as const), id: fc.nat(30), uttId: turn, isEmpty: fc.boolean() }),
  fc.record({
    type: fc.constantFrom("started" as const, "refined" as const, "ended" as const, "broke" as const),
    lag: fc.constantFrom(0, 0, 0, 1),
  }),
  fc.record({
    type: fc.constantFrom("cancelled" as const, "paused" as const, "resumed" as const, "stopped" as const),
    uttId: turn,
  }),
  fc.record({ type: fc.constantFrom("abandoned" as const, "time_passed" as const, "deadline" as const) }),
);
type Drawn = typeof happening extends fc.Arbitrary<infer One> ? One : never;

/** Lets one drawn event happen; `lag` makes it an event of the sentence before. */
function perform(play: Play, one: Drawn): void {
  const { generation } = play.playback;
  if (one.type === "requested") play.say(`s${one.id}`, { uttId: one.uttId, ...(one.isEmpty && { text: "" }) });
  else if (one.type === "started" || one.type === "refined")
    play.happen({ type: one.type, generation: generation - one.lag, expectedMs: 1_000 });
  else if (one.type === "ended") play.happen({ type: "ended", generation: generation - one.lag });
  else if (one.type === "broke") play.happen({ type: "broke", generation: generation - one.lag, cause: "test" });
  else if (one.type === "paused") play.happen({ type: "paused", uttId: one.uttId, ttlMs: 100 }, 0.5);
  else if ("uttId" in one) play.happen({ type: one.type, uttId: one.uttId }, 0.5);
  else if (one.type !== "deadline") play.happen({ type: one.type }, 0.5);
  else if (dueAtMs(play.playback, LIMITS) !== undefined) play.reachDeadline(0.5);
}

test("whatever happens, the loudspeaker is paused while a turn is, and at no other time", () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      const play = new Play();
      for (const one of happenings) {
        play.nowMs += 10;
        perform(play, one);

        // A cut ends a pause at the loudspeaker too.
        const orders = play.effects
          .map((effect) => effect.do)
          .filter((order) => ["pause", "resume", "cut"].includes(order));
        const { kind } = play.playback.stage;
        expect(orders.at(-1) === "pause").toBe(kind === "paused" || kind === "held");
      }
    }),
    { numRuns: 500 },
  );
});

test("whatever happens, every sentence ends exactly once, after at most one start", () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      const play = new Play();
      for (const one of happenings) {
        play.nowMs += 10;
        perform(play, one);
      }
      play.happen({ type: "silenced" }, 0.5);

      const asked = new Set(happenings.flatMap((one) => (one.type === "requested" ? [`s${one.id}`] : [])));
      for (const sayId of asked) {
        const told = play.reports.filter((report) => report.sentence.sayId === sayId).map(({ event }) => event);
        expect(told.filter((event) => event === "speaking_end" || event === "failed")).toHaveLength(1);
        expect(told.filter((event) => event === "speaking_start").length).toBeLessThanOrEqual(1);
        expect(["speaking_end", "failed"]).toContain(told.at(-1));
      }
      expect(play.playback.stage.kind).toBe("idle");
    }),
    { numRuns: 500 },
  );
});
