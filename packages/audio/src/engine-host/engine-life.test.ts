import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { born, dueAtMs, type EngineEffect, type EngineHappening, type EngineLife, step } from "./engine-life.ts";
import type { EngineTrouble } from "./engine-trouble.ts";

const LIMITS = { hangLimitMs: 5_000, startLimitMs: 60_000 };
const CRASH: EngineTrouble = { kind: "ended", how: "by SIGSEGV" };
const REFUSAL: EngineTrouble = { kind: "refused", message: "no model", remedy: undefined };

/** An engine and its time; happenings come at the present moment. */
function openLife(random = 1) {
  let [life, nowMs] = [born(0), 0];
  const happen = (happening: EngineHappening): readonly EngineEffect["do"][] => {
    const [next, effects] = step(life, { ...happening, atMs: nowMs, random }, LIMITS);
    life = next;
    return effects.map((effect) => effect.do);
  };
  return {
    get life(): EngineLife {
      return life;
    },
    get inMs(): number | undefined {
      const due = dueAtMs(life, LIMITS);
      return due === undefined ? undefined : due - nowMs;
    },
    happen,
    /** Moves to the moment that is due, and tells so. */
    wait: (lateMs = 0) => {
      nowMs = (dueAtMs(life, LIMITS) ?? nowMs) + lateMs;
      return happen({ type: "time_passed" });
    },
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

/** It comes up and crashes at once, and is started again. */
function crashOnce(engine: ReturnType<typeof openLife>): number | undefined {
  engine.happen({ type: "came_up" });
  engine.happen({ type: "failed", trouble: CRASH });
  const delayMs = engine.inMs;
  engine.wait();
  return delayMs;
}

describe("an engine that crashes", () => {
  test("is started again after 100 ms, then after ever longer, at most 10 s", () => {
    const engine = openLife();

    const delays = Array.from({ length: 9 }, () => crashOnce(engine));

    expect(delays).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
  });

  test("waits for a drawn part of that, never less than half", () => {
    expect([crashOnce(openLife(0)), crashOnce(openLife(0.5))]).toEqual([50, 75]);
  });

  test("is told, and killed with whatever it left", () => {
    const engine = openLife();
    engine.happen({ type: "came_up" });

    expect(engine.happen({ type: "failed", trouble: CRASH })).toEqual(["kill", "tell_down"]);
    expect(engine.life).toMatchObject({ kind: "waiting", trouble: CRASH });
  });

  test("begins anew with short waits once it was up for 30 s", () => {
    const engine = openLife();
    for (let i = 0; i < 5; i += 1) crashOnce(engine);
    engine.happen({ type: "came_up" });
    engine.pass(30_000);
    engine.happen({ type: "failed", trouble: CRASH });

    expect(engine.inMs).toBe(100);
  });
});

describe("an engine that refuses to start", () => {
  test("is tried every 10 s, and does not look like a crash later", () => {
    const engine = openLife();
    engine.happen({ type: "failed", trouble: REFUSAL });
    const first = engine.inMs;
    engine.wait();
    engine.happen({ type: "failed", trouble: REFUSAL });
    const second = engine.inMs;
    engine.wait();

    expect([first, second, crashOnce(engine)]).toEqual([10_000, 10_000, 100]);
  });

  test("and says nothing is ended after its time", () => {
    const engine = openLife();

    expect(engine.inMs).toBe(60_000);
    expect(engine.wait()).toEqual(["kill", "tell_down"]);
    expect(engine.life).toMatchObject({ kind: "waiting", trouble: { kind: "start_hung", afterMs: 60_000 } });
  });
});

describe("an engine that is up", () => {
  test("is pinged while it is idle, and lives as long as it answers", () => {
    const engine = openLife();
    engine.happen({ type: "came_up" });

    for (let i = 0; i < 100; i += 1) {
      expect(engine.inMs).toBe(1_250);
      expect(engine.wait()).toEqual(["ping"]);
      engine.happen({ type: "answered" });
    }
  });

  test("is ended when it owes an answer for 5 s", () => {
    const engine = openLife();
    engine.happen({ type: "came_up" });
    engine.pass(1_000);
    engine.happen({ type: "ordered" });
    engine.pass(4_000);
    engine.happen({ type: "ordered" });

    expect(engine.inMs).toBe(1_000);
    expect(engine.wait()).toEqual(["kill", "tell_down"]);
    expect(engine.life).toMatchObject({ kind: "waiting", trouble: { kind: "hung", afterMs: 5_000 } });
  });

  test("is slow and not hung while it finishes something or has news", () => {
    const engine = openLife();
    engine.happen({ type: "came_up" });
    for (let i = 0; i < 10; i += 1) engine.happen({ type: "ordered" });
    engine.pass(4_000);
    engine.happen({ type: "answered" });
    engine.pass(4_000);
    engine.happen({ type: "heard" });

    expect(engine.inMs).toBe(5_000);
  });

  test("is not blamed by a parent that was asleep itself", () => {
    const engine = openLife();
    engine.happen({ type: "came_up" });
    engine.happen({ type: "ordered" });

    expect(engine.wait(60_000)).toEqual([]);
    expect(engine.inMs).toBe(5_000);
  });

  test("is started afresh at once when that is asked for, and only told about it when it waits already", () => {
    const engine = openLife();
    engine.happen({ type: "came_up" });

    expect(engine.happen({ type: "restart_asked", reason: "slow" })).toEqual(["kill", "start", "tell_down"]);
    expect(engine.happen({ type: "restart_asked", reason: "slow" })).toEqual([]);
    engine.happen({ type: "failed", trouble: REFUSAL });
    expect(engine.happen({ type: "restart_asked", reason: "slow" })).toEqual(["start"]);
  });
});

test("whatever happens, a living engine has a deadline, at most one process, and a closed one nothing", () => {
  const happening: fc.Arbitrary<EngineHappening> = fc.oneof(
    fc.constantFrom<EngineHappening>(
      { type: "came_up" },
      { type: "ordered" },
      { type: "answered" },
      { type: "heard" },
      { type: "time_passed" },
      { type: "restart_asked", reason: "slow" },
      { type: "failed", trouble: CRASH },
      { type: "failed", trouble: REFUSAL },
    ),
    fc.constant<EngineHappening>({ type: "closed" }),
  );
  const moment = fc.record({ happening, passMs: fc.integer({ min: 0, max: 70_000 }) });
  fc.assert(
    fc.property(fc.array(moment, { maxLength: 60 }), (moments) => {
      const engine = openLife(0.5);
      let processCount = 1;
      for (const { happening, passMs } of moments) {
        engine.pass(passMs);
        for (const effect of engine.happen(happening)) {
          if (effect === "start") processCount += 1;
          if (effect === "kill") processCount = 0;
        }
        expect(processCount).toBe(engine.life.kind === "starting" || engine.life.kind === "up" ? 1 : 0);
        expect(engine.inMs === undefined).toBe(engine.life.kind === "closed");
      }
    }),
  );
});
